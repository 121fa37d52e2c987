/** The library's module with a change planted. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createProgram, type Program } from "#machines/program/program.js";
import { sourceOf } from "#machines/proofs/mutation/scopes.js";
import type { Protocol } from "#machines/proofs/protocol.js";
import { assemble, root, SHARED_MEMORY } from "../../../scripts/assemblyscript.mjs";

const ENTRIES = ["kernel/library/library.ts", "kernel/library/proofs/index.ts", "kernel/objects/proofs/index.ts"];

interface Change {
  /** A file of kernel/library, kernel/tasks, kernel/scheduling or kernel/objects, by its name. */
  readonly file: string;
  /** What is replaced, found once, and by what. */
  readonly from: string;
  readonly to: string;
}

/**
 * Exports what the claim executes alone, and is optimized where that is said: for a claim of few states the compiler's work
 * is most of all. One of many has fewer, and smaller ones, in an optimized module.
 */
export async function buildMutant({ file, from, to }: Change, claim: Protocol, optimized: boolean): Promise<Program> {
  const path = sourceOf(file.replace(/\.ts$/, ""));
  const parts = (await readSource(path)).split(from);
  if (parts.length !== 2) {
    throw new Error(
      `Cannot plant a bug in ${path}: found ${JSON.stringify(from)} ${parts.length - 1} times; expected 1`,
    );
  }
  const used = new Set(JSON.stringify(claim).match(/\w+/g));
  const exported = ENTRIES.map(async (entry) => [entry, keepExports(await readSource(entry), used)] as const);
  const { outputs, errors } = await assemble(ENTRIES, "library.wasm", {
    generated: new Map([...(await Promise.all(exported)), [path, parts.join(to)]]),
    options: [...SHARED_MEMORY, ...(optimized ? [] : ["--optimizeLevel", "0", "--shrinkLevel", "0"])],
  });
  if (errors !== "") throw new Error(errors);
  const bytes = outputs.get("library.wasm") as Uint8Array<ArrayBuffer>;
  return createProgram("library.wasm", bytes, JSON.parse(String(outputs.get("library.wasm.map"))));
}

function readSource(path: string): Promise<string> {
  return readFile(join(root, path), "utf8");
}

/** The text of a file that exports other files' functions, with those of these names alone. */
function keepExports(text: string, names: ReadonlySet<string>): string {
  return text.replace(/export \{([^}]*)\} from "[^"]+";/g, (whole, exported: string) => {
    const kept = exported.split(",").filter((name) => names.has(name.split(" as ").at(-1)!.trim()));
    return kept.length === 0 ? "" : whole.replace(exported, kept.join(","));
  });
}
