import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createProgram, type Program } from "#machines/program/program.js";

const examples = fileURLToPath(new URL("../../examples/c/", import.meta.url));

/**
 * The program that clang makes of a file of examples/c, with these flags; or of a text, for the file `-`.
 * Tests that call it have the tag `clang`. `path`: where programs are searched.
 */
export function compileC(file: string, flags: readonly string[] = [], text = "", path?: string): Program {
  const folder = mkdtempSync(join(tmpdir(), "landspout-c-"));
  const output = join(folder, "program.wasm");
  try {
    execFileSync("./compile", [...flags, "-x", "c", file, "-o", output], {
      cwd: examples,
      // Undefined: the process's own.
      ...(path !== undefined && { env: { ...process.env, PATH: path } }),
      input: text,
    });
    return createProgram("program.wasm", new Uint8Array(readFileSync(output)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
