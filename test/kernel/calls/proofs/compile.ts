import { readFileSync } from "node:fs";
import asc from "assemblyscript/asc";
import { expect } from "vitest";
import { check } from "#machines/machines/checked/index.js";
import { createProgram, type Program } from "#machines/program/program.js";

const kernel = new URL("../../../../kernel/", import.meta.url);

/** What a file of kernel/ says, and what it says instead. */
export interface Change {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** The kernel's instructions that a harness does not need: they do nothing. */
export const IDLE_INSTRUCTIONS = `
export function create_instance(image: u32, original: u32): u32 { return 1; }
export function create_context(entry: u32, argument: u32): u32 { return 1; }
export function context(): u32 { return 1; }
export function release(number: u32): void {}
export function switch_to(context: u32): void {}
export function abandon(result: u32): void { unreachable(); }
export function set_space(space: u32, root: u32): void {}
export function enable_interrupts(on: bool): bool { return false; }
export function set_timer(cycles: u32): void {}
export function io(device: u32, command: u32, a: u32, b: u32): u32 { return 0; }
export function idle(): void {}
`;

/** A file that copies words which a race would be seen in: a domain's memory is where its addresses say. */
export const COPYING = `
import { Domain } from "./domain";
export function copyIn(domain: Domain, from: u32, to: usize, bytes: u32): bool {
  store<u32>(to, load<u32>(from));
  return true;
}
export function copyOut(domain: Domain, to: u32, from: usize, bytes: u32): bool {
  store<u32>(to, load<u32>(from));
  return true;
}
export function copyAcross(source: Domain, from: u32, target: Domain, to: u32, bytes: u32): bool { return true; }
`;

/** Compiles harness.ts; files of kernel/ are as they are, generated, or changed. */
export async function compileHarness(
  generated: Readonly<Record<string, string>>,
  changes: readonly Change[],
): Promise<Program> {
  const textOf = (name: string) => {
    let text = generated[name] ?? readFileSync(new URL(name, kernel), "utf8");
    for (const { file, from, to } of changes) {
      if (file !== name) continue;
      expect(text.split(from), `${from} in ${file}`).toHaveLength(2);
      text = text.replace(from, () => to);
    }
    return text;
  };
  let bytes: Uint8Array | undefined;
  const stderr = asc.createMemoryStream();
  const { error } = await asc.main(
    [
      ...["harness.ts", "-o", "harness.wasm", "-O3", "--noAssert", "--runtime", "stub", "--debug"],
      ...["--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", "1", "--enable", "threads"],
    ],
    {
      stderr,
      readFile: (name) => {
        try {
          return textOf(name);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
          throw error;
        }
      },
      writeFile: (name, contents) => {
        if (name === "harness.wasm") bytes = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error || bytes === undefined) throw new Error(stderr.toString(), { cause: error });
  return createProgram("harness.wasm", new Uint8Array(bytes));
}

/** Every order of the processors' steps; each executes `run` with these arguments, after `init` with the same. */
export const explore = (program: Program, processors: number, ...load: readonly number[]) =>
  check(program, {
    processors,
    entries: "run",
    arguments: load,
    init: { entry: "init", arguments: load },
    mode: "states",
  });
