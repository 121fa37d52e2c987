import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createProgram, type Program } from "#machines/program/program.js";

const examples = fileURLToPath(new URL("../../examples/c/", import.meta.url));

/** What was made before, by all that it depends on. */
const made = new Map<string, Uint8Array<ArrayBuffer>>();

/**
 * The program that clang makes of a file of examples/c, with these flags; or of a text, for the file `-`.
 * Tests that call it have the tag `clang`. `path`: where programs are searched.
 */
export function compileC(file: string, flags: readonly string[] = [], text = "", path?: string): Program {
  // With another path another compiler may be found.
  if (path !== undefined) return createProgram("program.wasm", compile(file, flags, text, path));
  const key = JSON.stringify([file, flags, text]);
  const bytes = made.get(key) ?? compile(file, flags, text);
  made.set(key, bytes);
  return createProgram("program.wasm", bytes);
}

function compile(file: string, flags: readonly string[], text: string, path?: string) {
  const folder = mkdtempSync(join(tmpdir(), "landspout-c-"));
  const output = join(folder, "program.wasm");
  try {
    execFileSync("./compile", [...flags, "-x", "c", file, "-o", output], {
      cwd: examples,
      // Undefined: the process's own.
      ...(path !== undefined && { env: { ...process.env, PATH: path } }),
      input: text,
    });
    return new Uint8Array(readFileSync(output));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
