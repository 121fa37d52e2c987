/** The library's protocols on the checked machine, as they are or with bugs planted. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { check, loadProgram, type Program, type Verdict } from "#dist/machines.js";

const root = new URL("../../", import.meta.url);

/** A protocol's scene: kernel/library/proofs/`protocol`.ts has its entries. */
export interface Scene {
  readonly protocol: string;
  /** What each processor executes. */
  readonly runs: readonly string[];
  /** Of `init`. */
  readonly scene: readonly number[];
  /** Of `end`. Default: none. */
  readonly end?: readonly number[];
  /** How many workers die at most. */
  readonly deaths: number;
}

export const library = await loadProgram(fileURLToPath(new URL("dist/library.wasm", root)));

export function prove(
  { protocol, runs, scene, end = [], deaths }: Scene,
  program: Program = library,
): Promise<Verdict> {
  return check(program, {
    entries: runs.map((run) => `${protocol}_prove_${run}`),
    init: { entry: `${protocol}_prove_init`, arguments: scene },
    final: { entry: `${protocol}_prove_end`, arguments: end },
    mode: "states",
    memory: new WebAssembly.Memory({ initial: 8, maximum: 65536, shared: true }),
    ...(deaths > 0 && { deaths: { entry: "prove_death", most: deaths } }),
  });
}

/** What is replaced in a file of kernel/library. */
export interface Mutant {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export async function mutate({ file, from, to }: Mutant): Promise<Program> {
  const name = `kernel/library/${file}.ts`;
  const parts = (await readFile(new URL(name, root), "utf8")).split(from);
  if (parts.length !== 2) {
    throw new Error(`Cannot plant a bug in ${name}: received ${JSON.stringify(from)} ${parts.length - 1} times`);
  }
  const { compile } = await import(new URL("scripts/assemblyscript.mjs", root).href);
  const target = "dist/mutant.wasm";
  await compile(["kernel/library/library.ts"], target, {
    generated: new Map([[name, parts.join(to)]]),
    options: ["--enable", "threads", "--importMemory", "--sharedMemory", "--maximumMemory", "65536"],
  });
  return loadProgram(fileURLToPath(new URL(target, root)));
}
