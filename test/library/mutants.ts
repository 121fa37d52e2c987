/** The library's module with a bug planted. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createProgram, type Program } from "#dist/program/program.js";
import { assemble, root, SHARED_MEMORY } from "../../scripts/assemblyscript.mjs";
import type { PlantedBug } from "./bugs/planted-bug.js";

export async function buildMutant({ file, from, to }: PlantedBug): Promise<Program> {
  const path = `kernel/library/${file}`;
  const parts = (await readFile(join(root, path), "utf8")).split(from);
  if (parts.length !== 2) {
    throw new Error(
      `Cannot plant a bug in ${path}: found ${JSON.stringify(from)} ${parts.length - 1} times; expected 1`,
    );
  }
  const generated = new Map([[path, parts.join(to)]]);
  const { outputs, errors } = await assemble(["kernel/library/library.ts"], "library.wasm", {
    generated,
    options: SHARED_MEMORY,
  });
  if (errors !== "") throw new Error(errors);
  const bytes = outputs.get("library.wasm") as Uint8Array<ArrayBuffer>;
  return createProgram("library.wasm", bytes, JSON.parse(String(outputs.get("library.wasm.map"))));
}
