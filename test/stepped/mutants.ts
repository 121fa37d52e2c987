/**
 * Builds the kernel with bugs planted: in a copy of its sources every mutant is one more algorithm, built as always.
 */
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { Kernel, Kind } from "#dist/program/kernel.js";
import { loadProgram } from "#dist/program/program.js";
import { SteppedMachine } from "./machine.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Mutant {
  /** What is wrong with it. */
  readonly bug: string;
  readonly kind: Kind;
  /** The algorithm that it is made of. */
  readonly from: string;
  /** What is replaced, each found once, and by what. */
  readonly changes: readonly (readonly [text: string, replacement: string])[];
}

/** A machine for all mutants, beside the algorithms that they are made of; the name of mutant i is `mutant-i`. */
export async function buildMutants(mutants: readonly Mutant[]): Promise<{ kernel: Kernel; machine: SteppedMachine }> {
  const folder = await mkdtemp(join(tmpdir(), "landspout-mutants-"));
  try {
    for (const part of ["kernel", "scripts", "src/machines/native/instructions", "package.json"]) {
      await cp(join(root, part), join(folder, part), { recursive: true });
    }
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
    for (const [i, mutant] of mutants.entries()) {
      const source = await readFile(join(root, "kernel", `${mutant.kind}s`, `${mutant.from}.ts`), "utf8");
      await writeFile(join(folder, "kernel", `${mutant.kind}s`, `mutant-${i}.ts`), mutate(source, mutant));
    }
    await promisify(execFile)(process.execPath, [join(folder, "scripts", "build-kernel.mjs")]);
    const file = join(folder, "dist", "kernel.wasm");
    const description = JSON.parse(await readFile(join(folder, "dist", "kernel.json"), "utf8"));
    const kernel: Kernel = { ...(await loadProgram(file)), ...description };
    return { kernel, machine: await SteppedMachine.load(kernel, pathToFileURL(file)) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function mutate(source: string, { from, changes }: Mutant): string {
  return changes.reduce((text, [before, after]) => {
    const parts = text.split(before);
    if (parts.length !== 2) {
      throw new Error(`Cannot plant a bug in ${from}: found ${JSON.stringify(before)} ${parts.length - 1} times`);
    }
    return parts.join(after);
  }, source);
}
