/** A module as register code: what processors execute. */
import { CodeWriter } from "./code-writer.js";
import { decode } from "./decode.js";
import { type Annotations, Locations, readAnnotations } from "./locations.js";
import { frameOf, lower, resultOf, type Target, writeHead } from "./lower.js";
import type { FunctionType, Memory, Module } from "./module.js";
import type { SourceMap } from "./source-map.js";
import { validate } from "./validate.js";

export interface RegisterCode {
  readonly module: Module;
  readonly words: Int32Array;
  /** The pcs of the words that hold pcs: to be raised where the code begins at another pc than 0. */
  readonly pcWords: readonly number[];
  /** The pc of every function's entry; imported functions have code that calls out. */
  readonly entries: readonly number[];
  readonly locations: Locations;
  /** Bytes of the module's code section. */
  readonly codeBytes: number;
}

/** The pc at which a processor has returned from its entry point. The word before it stands for a call's last. */
export const HALT = 4;

/** What was read of a module before, so that it need not be read again. */
export interface Known {
  readonly annotations: Annotations;
  readonly memory: Memory | undefined;
}

/**
 * Lowers a module.
 *
 * @param known absent for bytes that may be no module: the platform validates them then
 * @throws {WebAssembly.CompileError} if the bytes are no module, with the platform's reason
 * @throws {Error} if the module uses a feature that processors do not execute; the message names it and the function
 */
export function createRegisterCode(bytes: Uint8Array<ArrayBuffer>, sourceMap?: SourceMap, known?: Known): RegisterCode {
  if (!known) validate(bytes);
  const { names } = known?.annotations ?? readAnnotations(bytes);
  const code = new CodeWriter();
  const references: { pc: number; function: number }[] = [];
  const types: string[] = [];
  const typeNumber = (type: FunctionType) => {
    const key = `${type.parameters}:${type.results}`;
    if (!types.includes(key)) types.push(key);
    return types.indexOf(key);
  };
  const target: Target = { code, references, typeNumber };
  const entries: number[] = [];
  code.word(0);
  code.emit("halt");
  const nameOf = (index: number) => names.get(index) ?? `function ${index}`;
  let stubs = false;
  let codeBytes = 0;
  const module = decode(
    bytes,
    nameOf,
    (module, body) => {
      if (!stubs) entries.push(...writeStubs(target, module));
      stubs = true;
      codeBytes = body.place + body.bytes;
      entries.push(lower(target, module, body));
    },
    known?.memory,
  );
  if (!stubs) entries.push(...writeStubs(target, module));
  for (const { pc, function: callee } of references) code.writePc(pc, entries[callee]!);
  const { pcs, offsets, pcWords } = code;
  const exported = new Map(
    [...module.exports].flatMap(([name, { kind, index }]) => (kind === "function" ? [[index, name] as const] : [])),
  );
  const shownAs = (index: number) => names.get(index) ?? exported.get(index) ?? nameOf(index);
  const locations = new Locations(pcs, offsets, entries, shownAs, sourceMap);
  return { module, words: code.words(), pcWords, entries, locations, codeBytes };
}

/** Code for the imported functions, so that tables and machines can call them like others; their entries. */
function writeStubs(target: Target, module: Module): number[] {
  return module.imports.map(({ type }, index) => {
    const frame = frameOf(type, 0);
    writeHead(target, type, frame, 0)(0);
    const entry = target.code.pc;
    target.code.emit("callImport", index, 0);
    type.results.forEach((result, i) => void target.code.emit(resultOf(result), 8 * i));
    target.code.emit("returnNone", 8 * frame.linkage);
    return entry;
  });
}
