/** Small programs for the checker, in WebAssembly's text. */
import binaryen from "assemblyscript/binaryen";
import { type CheckOptions, check, type Verdict } from "#dist/machines/checked/check.js";
import { createProgram, type Program } from "#dist/program/program.js";

/** Words that lie 64 bytes apart, as operands. */
export const [X, Y, Z] = [64, 128, 192].map((address) => `(i32.const ${address})`) as [string, string, string];

/**
 * A program with one exported function for each processor: "0", "1", ..., of which each has the body and the result (or
 * parameters) of its text. `more` is what the module has beside them.
 */
export function parallel(bodies: readonly string[], more = ""): Program {
  return assemble(bodies.map((body, processor) => `(func (export "${processor}") ${body})`).join("\n") + more);
}

/** The bytes of a module with these fields, 64 KiB of shared memory and the machine instructions. */
export function assemble(fields: string): Program {
  const module = binaryen.parseText(`(module
    (import "env" "memory" (memory 1 2 shared))
    (import "machine" "processor" (func $processor (result i32)))
    (import "machine" "fail" (func $fail (param i32)))
    (import "machine" "mark" (func $mark (param i32 i32)))
    (import "machine" "send" (func $send (param i32 i32)))
    (import "machine" "receive" (func $receive (param i32) (result i32)))
    ${fields})`);
  module.setFeatures(binaryen.Features.All);
  binaryen.setDebugInfo(true);
  const { binary, sourceMap } = module.emitBinary("program.wasm.map");
  module.dispose();
  return createProgram("program.wasm", new Uint8Array(binary), JSON.parse(sourceMap!));
}

/** Checks a program of `parallel`: one entry a processor. */
export function checkAll(program: Program, options: Partial<CheckOptions> = {}): Promise<Verdict> {
  return check(program, { entries: entriesOf(program), ...options });
}

export function entriesOf({ module }: Program): string[] {
  return WebAssembly.Module.exports(module).flatMap(({ name }) => (/^\d+$/.test(name) ? [name] : []));
}

/** What the entry points of a program return, in all of its executions: each as text, sorted. */
export async function outcomes(program: Program, options: Partial<CheckOptions> = {}): Promise<string[]> {
  const found = new Set<string>();
  const { violation } = await checkAll(program, {
    races: false,
    ...options,
    onEnd({ results }) {
      found.add(results.flat().join(" "));
      return undefined;
    },
  });
  if (violation !== undefined) throw new Error(violation.message);
  return [...found].sort();
}
