/** The library's module with a bug planted. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createProgram, type Program } from "#machines/program/program.js";
import type { Protocol } from "#machines/proofs/protocol.js";
import { assemble, root, SHARED_MEMORY } from "../../scripts/assemblyscript.mjs";
import type { PlantedBug } from "./bugs/planted-bug.js";

const LIBRARY = "kernel/library/library.ts";
const PROOFS = "kernel/library/proofs/index.ts";

/** Of the proofs it has those alone that the claim is about: all of them take most of the compiler's time. */
export async function buildMutant({ file, from, to }: PlantedBug, claim: Protocol): Promise<Program> {
  const path = `kernel/library/${file}`;
  const parts = (await readFile(join(root, path), "utf8")).split(from);
  if (parts.length !== 2) {
    throw new Error(
      `Cannot plant a bug in ${path}: found ${JSON.stringify(from)} ${parts.length - 1} times; expected 1`,
    );
  }
  const used = new Set(JSON.stringify(claim).match(/\w+/g));
  const all = await readFile(join(root, PROOFS), "utf8");
  const proofs = all.replace(/export \{([^}]*)\} from "[^"]+";/g, (whole, names: string) => {
    const kept = names.split(",").filter((name) => used.has(name.split(" as ").at(-1)!.trim()));
    return kept.length === 0 ? "" : whole.replace(names, kept.join(","));
  });
  const generated = new Map([
    [PROOFS, proofs],
    [path, parts.join(to)],
  ]);
  const { outputs, errors } = await assemble([LIBRARY, PROOFS], "library.wasm", {
    generated,
    options: SHARED_MEMORY,
  });
  if (errors !== "") throw new Error(errors);
  const bytes = outputs.get("library.wasm") as Uint8Array<ArrayBuffer>;
  return createProgram("library.wasm", bytes, JSON.parse(String(outputs.get("library.wasm.map"))));
}
