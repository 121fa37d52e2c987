import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProgram, type Program } from "#dist/program/program.js";

const FLAGS = [
  ...["--target=wasm32", "-matomics", "-mbulk-memory", "-mmutable-globals", "-ftls-model=local-exec", "-nostdlib"],
  ...["-Wl,--no-entry", "-Wl,--import-memory", "-Wl,--shared-memory", "-Wl,--max-memory=1048576"],
];

/** The program that clang makes of a C text, with the flags of examples/c and more. Fails without clang. */
export function compileC(text: string, ...more: readonly string[]): Program {
  const folder = mkdtempSync(join(tmpdir(), "landspout-c-"));
  const file = join(folder, "program.wasm");
  try {
    execFileSync("clang", [...FLAGS, ...more, "-x", "c", "-", "-o", file], { input: text });
    return createProgram("program.wasm", new Uint8Array(readFileSync(file)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
