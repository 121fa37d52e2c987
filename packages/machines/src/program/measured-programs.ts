import { modules } from "./measured-program-modules.js";
import { createProgram, type Program } from "./program.js";

/** A program of programs/ that is measured on all platforms, files or not. */
export async function loadMeasuredProgram(name: keyof typeof modules): Promise<Program> {
  const { bytes } = await modules[name]();
  return createProgram(`${name}.wasm`, bytes);
}
