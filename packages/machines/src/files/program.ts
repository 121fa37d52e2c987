import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createProgram, type Program } from "../program/program.js";
import { readAnnotations } from "../wasm/locations.js";
import type { SourceMap } from "../wasm/source-map.js";

/**
 * Makes a program of a file, with the source map beside it that it names, if that is there.
 *
 * @throws {Error} if the file cannot be read, or as `createProgram` does
 */
export async function loadProgram(file: string | URL): Promise<Program> {
  const path = file instanceof URL ? fileURLToPath(file) : file;
  const name = basename(path);
  const bytes = await readFile(path).catch((error: Error) => {
    throw new Error(`Cannot load ${name}: ${error.message}`, { cause: error });
  });
  const annotations = readAnnotations(bytes);
  const { sourceMappingUrl } = annotations;
  const sourceMap =
    sourceMappingUrl === undefined ? undefined : await readSourceMap(join(dirname(path), sourceMappingUrl));
  return createProgram(name, new Uint8Array(bytes), sourceMap, annotations);
}

/** A source map is for messages only: without it they say less. */
async function readSourceMap(path: string): Promise<SourceMap | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    return undefined;
  }
}
