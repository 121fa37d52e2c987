import { host } from "#host";
import { exportedNames } from "../wasm/exports.js";
import { beginsWithMutableI32, exportGlobals } from "../wasm/globals.js";
import { type Annotations, readAnnotations } from "../wasm/locations.js";
import { readMemory } from "../wasm/memory-type.js";
import type { Memory } from "../wasm/module.js";
import { type SourceMap, shifted } from "../wasm/source-map.js";
import { validate } from "../wasm/validate.js";
import type { MachineModule } from "./instructions.js";
import { PER_PROCESSOR, STACK_POINTER } from "./stacks.js";

export type { Memory } from "../wasm/module.js";
export type { SourceMap } from "../wasm/source-map.js";

/**
 * A program: what processors execute. A WebAssembly module that imports one shared memory and, from the module name
 * `machine`, any of the machine instructions; it exports entry points. Any language may produce it. A module whose memory
 * is not shared, or that has none, is a program for one processor.
 */
export interface Program {
  readonly name: string;
  /** As they were given; with exports of the globals for `giveStack` that the module has and keeps to itself. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What the engine compiled them to, where that was done in a way of its own; else `moduleOf` compiles them. */
  readonly compiled?: WebAssembly.Module;
  /** What its custom sections say. */
  readonly annotations: Annotations;
  /** The module's memory; one of 0 pages, not shared, for a module without any. */
  readonly memory: Memory;
  /** Says which lines of the program's text its bytes are from; undefined where nothing does. */
  readonly sourceMap: SourceMap | undefined;
}

const NO_MEMORY: Memory = { initial: 0, maximum: 0, shared: false, imported: undefined };

/**
 * Makes a program of a module's bytes. Blocks while the platform validates them. `name` is for messages.
 *
 * @throws {Error} if the bytes are no module, with the platform's reason as the cause, or have a memory that no machine has
 */
export function createProgram(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  sourceMap?: SourceMap,
  annotations = readAnnotations(bytes),
): Program {
  try {
    validate(bytes);
  } catch (error) {
    const reason = (error as Error).message;
    throw new Error(`Cannot load ${name}: received no WebAssembly module: ${reason}`, { cause: error });
  }
  const memory = readMemory(bytes, name) ?? NO_MEMORY;
  const hidden = hiddenGlobals(bytes, annotations);
  const exporting = exportGlobals(bytes, hidden);
  // A name can belong to a global that does not exist: names may say anything.
  if (hidden.size === 0 || !WebAssembly.validate(exporting)) {
    return { name, bytes, annotations, memory, sourceMap };
  }
  return {
    name,
    bytes: exporting,
    annotations,
    memory,
    sourceMap: sourceMap && shifted(sourceMap, exporting.length - bytes.length),
  };
}

const modules = new WeakMap<Program, WebAssembly.Module>();

/**
 * The program as the platform's engine executes it. Made when it is first asked for, once, and blocks meanwhile: machines
 * that execute a program's register code need none.
 */
export function moduleOf(program: Program): WebAssembly.Module {
  let module = program.compiled ?? modules.get(program);
  if (module === undefined) {
    module = host.compile(program.bytes);
    modules.set(program, module);
  }
  return module;
}

/** What LLVM's linker puts first; where names are left out, as by wasm-opt, nothing else tells. */
const FIRST = [STACK_POINTER, 0] as const;
/** Producers that use it. */
const LLVMS = /clang|rustc/;

/** The globals for `giveStack` that the module has and does not export. */
function hiddenGlobals(bytes: Uint8Array, { globals, producers }: Annotations): Map<string, number> {
  const exports = exportedNames(bytes);
  const known = globals.size === 0 && LLVMS.test(producers) && beginsWithMutableI32(bytes) ? [FIRST] : [...globals];
  return new Map(known.filter(([name]) => PER_PROCESSOR.includes(name) && !exports.has(name)));
}

/** Whether several processors can execute the program: they import one memory. */
export function isParallel({ memory }: Program): boolean {
  return memory.shared && memory.imported !== undefined;
}

/** What a program has for a memory that several processors cannot share, for messages. */
export function unparallelMemory({ memory: { maximum, shared } }: Program): string {
  if (shared) return "a shared memory of its own, which each instance would have one of";
  return maximum === 0 ? "no memory" : "a memory that is not shared";
}

/** A new memory for the program, zeroed. The engine reserves some GiB of address space for each. */
export function createMemory({ memory: { initial, maximum, shared } }: Program): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial, maximum, shared });
}

/** The object by which an instance of the program gets the memory and, as the module `machine`, the instructions. */
export function importsOf(
  { imported }: Memory,
  memory: WebAssembly.Memory,
  instructions: MachineModule,
): WebAssembly.Imports {
  const machine = instructions as WebAssembly.ModuleImports;
  if (imported === undefined) return { machine };
  const beside = imported.module === "machine" ? machine : {};
  return { machine, [imported.module]: { ...beside, [imported.name]: memory } };
}

/**
 * The name of a `Failure` value that the program exports as the global `Failure.NAME`, or its number where it has none.
 */
export function failureName(instance: WebAssembly.Instance, reason: number): string {
  for (const [name, value] of Object.entries(instance.exports)) {
    if (name.startsWith("Failure.") && value instanceof WebAssembly.Global && value.value === reason) {
      return name.slice("Failure.".length);
    }
  }
  return String(reason);
}
