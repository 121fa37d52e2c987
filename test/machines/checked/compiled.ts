import asc from "assemblyscript/asc";
import { createProgram, type Program } from "#machines/program/program.js";

const MACHINE = `
@external("machine", "processor") declare function processor(): u32;
@external("machine", "invoke") declare function invoke(operation: u32, argument: u32): void;
@external("machine", "result") declare function result(value: u32): void;
@inline function answer(value: u32): u32 { result(value); return value; }
`;

/** A program in AssemblyScript, which finds the machine instructions declared. */
export async function compileProgram(source: string): Promise<Program> {
  const { error, binary, stderr } = await asc.compileString(MACHINE + source, {
    optimizeLevel: 3,
    noAssert: true,
    runtime: "stub",
    importMemory: true,
    sharedMemory: true,
    initialMemory: 1,
    maximumMemory: 1,
    enable: ["threads"],
  } as asc.CompilerOptions);
  if (error || !binary) throw new Error(stderr.toString(), { cause: error });
  return createProgram("program.wasm", new Uint8Array(binary));
}
