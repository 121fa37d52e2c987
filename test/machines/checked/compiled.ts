import asc from "assemblyscript/asc";
import { createProgram, type Program } from "#machines/program/program.js";

const MACHINE = `
@external("machine", "processor") declare function processor(): u32;
@external("machine", "mark") declare function mark(event: u32, value: u32): void;
@inline function invoke(operation: u32, argument: u32): void { mark(0x10000 + operation, argument); }
@inline function answer(result: u32): u32 { mark(0xffff, result); return result; }
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
