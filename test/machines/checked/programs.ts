/** Small programs for the checker, in WebAssembly's text. */
import binaryen from "assemblyscript/binaryen";
import { expect } from "vitest";
import {
  type CheckOptions,
  check,
  type End,
  type Mode,
  replay,
  type Verdict,
} from "#machines/machines/checked/index.js";
import { createProgram, type Program } from "#machines/program/program.js";
import { exportedNames } from "#machines/wasm/exports.js";

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
    (import "machine" "invoke" (func $invoke (param i32 i32)))
    (import "machine" "result" (func $result (param i32)))
    (import "machine" "send" (func $send (param i32 i32)))
    (import "machine" "receive" (func $receive (param i32) (result i32)))
    ${fields})`);
  module.setFeatures(binaryen.Features.All);
  binaryen.setDebugInfo(true);
  const { binary, sourceMap } = module.emitBinary("program.wasm.map");
  module.dispose();
  return createProgram("program.wasm", new Uint8Array(binary), JSON.parse(sourceMap!));
}

/**
 * Checks a program of `parallel`, one entry a processor: by its states and, unless a mode is given, by its executions, which must
 * find the same where they have an end. What it says is of the states. A violation must be found again by its schedule.
 */
export async function checkAll(program: Program, options: Partial<CheckOptions> = {}): Promise<Verdict> {
  const by = async (mode: Mode) => {
    const asked = { entries: entriesOf(program), ...options, mode };
    const verdict = await check(program, asked);
    const { violation } = verdict;
    if (violation !== undefined) expect(replay(program, asked, violation), "replayed").toEqual(violation);
    return verdict;
  };
  const verdict = await by(options.mode ?? "states");
  const kind = verdict.violation?.kind;
  if (options.mode !== undefined || options.invariant !== undefined || kind === "livelock") return verdict;
  const { violation } = await by("executions");
  if (violation?.kind !== kind) throw new Error(`${kind} by states, but by executions: ${violation?.message}`);
  return verdict;
}

export function entriesOf({ bytes }: Program): string[] {
  return [...exportedNames(bytes)].filter((name) => /^\d+$/.test(name));
}

/**
 * All ends that a program of `parallel` has, each as the text that is made of it, sorted; unless a mode is given, the same by
 * states and by executions.
 */
export async function endsOf(
  program: Program,
  options: Partial<CheckOptions>,
  format: (end: End) => string,
): Promise<string[]> {
  const by = async (mode: Mode) => {
    const found = new Set<string>();
    const onEnd = (end: End) => void found.add(format(end));
    const { violation } = await check(program, { entries: entriesOf(program), races: false, ...options, mode, onEnd });
    if (violation !== undefined) throw new Error(violation.message);
    return [...found].sort();
  };
  const ends = await by(options.mode ?? "states");
  const others = options.mode === undefined ? await by("executions") : ends;
  if (String(ends) !== String(others)) throw new Error(`${ends} by states, but by executions ${others}`);
  return ends;
}

/** What the entry points of a program return, in all of its executions. */
export function outcomes(program: Program, options: Partial<CheckOptions> = {}): Promise<string[]> {
  return endsOf(program, options, ({ results }) => results.flat().join(" "));
}
