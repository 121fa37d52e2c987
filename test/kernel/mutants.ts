/**
 * Builds the kernel with bugs planted: in a copy of its sources every mutant is one more algorithm, built as always.
 */
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { loadProgram } from "#machines/files/program.js";
import type { Kernel } from "#machines/program/kernel.js";
import type { Mutant } from "./bugs/index.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A kernel of all mutants, beside the algorithms that they are made of; the name of mutant i is `mutant-i`. */
export async function buildMutants(mutants: readonly Mutant[]): Promise<Kernel> {
  const folder = await mkdtemp(join(tmpdir(), "landspout-mutants-"));
  try {
    for (const part of ["kernel", "scripts", "package.json"]) {
      await cp(join(root, part), join(folder, part), { recursive: true });
    }
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
    for (const [i, mutant] of mutants.entries()) {
      const source = await readFile(join(root, "kernel", `${mutant.kind}s`, `${mutant.from}.ts`), "utf8");
      await writeFile(join(folder, "kernel", `${mutant.kind}s`, `mutant-${i}.ts`), mutate(source, mutant));
    }
    await promisify(execFile)(process.execPath, [join(folder, "scripts", "build-kernel.mjs")]);
    const file = join(folder, "packages/machines/dist/kernel.wasm");
    const catalogue = pathToFileURL(join(folder, "packages/machines/dist/program/catalogue.js"));
    return { ...(await loadProgram(file)), ...(await import(catalogue.href)) };
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
