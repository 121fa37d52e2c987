/** The system calls of kernel/os/system-calls.ts, as programs in AssemblyScript make them. */
import { SystemCall } from "../kernel/os/system-calls";
import { trap } from "../kernel/privileged";

export { SystemError } from "../kernel/os/system-calls";

/** Ends the process; does not return. */
export function exit(status: u32): void {
  trap(SystemCall.Exit, status, 0, 0, 0);
}

/** Lets other processes run. */
export function yieldProcessor(): void {
  trap(SystemCall.Yield, 0, 0, 0, 0);
}

/** The number of the process, from 1 on. */
export function processNumber(): u32 {
  return trap(SystemCall.Process, 0, 0, 0, 0);
}

/** Writes bytes to the console; how many were written, or a SystemError. */
export function write(address: usize, bytes: u32): i32 {
  return trap(SystemCall.Write, <u32>address, bytes, 0, 0);
}

/** Microseconds since the machine booted, modulo 2^32. */
export function time(): u32 {
  return trap(SystemCall.Time, 0, 0, 0, 0);
}

/** A line that is put together: programs here are of one thread. */
const LINE: usize = memory.data(256);
let length: u32 = 0;

/** Adds ASCII text to the line. */
export function add(text: string): void {
  for (let i = 0; i < text.length; i++) store<u8>(LINE + length++, <u8>text.charCodeAt(i));
}

/** Adds a number in decimal to the line. */
export function addNumber(value: u32): void {
  if (value >= 10) addNumber(value / 10);
  store<u8>(LINE + length++, <u8>(0x30 + (value % 10)));
}

/** Writes the line to the console. */
export function endLine(): void {
  add("\n");
  write(LINE, length);
  length = 0;
}
