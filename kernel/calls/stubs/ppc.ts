/**
 * The stubs of protected procedure calls, executed in user mode: four words are in registers all the way. What is longer stays
 * where it is, and the server asks the kernel to copy it (D).
 */
import { trap } from "../../privileged";
import { CallTrap } from "../numbers";

/** Calls a procedure of a server on this processor: what it returns, or a `CallError`. */
export function call(binding: u32, procedure: u32, a: u32, b: u32, c: u32, d: u32): u32 {
  return trap(CallTrap.CallProtected | (procedure << 8) | (binding << 16), a, b, c, d);
}

/** The same on the processor that the thread has selected. */
export function callRemote(binding: u32, procedure: u32, a: u32, b: u32, c: u32, d: u32): u32 {
  return trap(CallTrap.CallRemote | (procedure << 8) | (binding << 16), a, b, c, d);
}

/** On which processor `callRemote` calls, from now on. */
export function select(processor: u32): void {
  trap(CallTrap.SelectProcessor, processor, 0, 0, 0);
}

/** Of a server: bytes of the caller's memory to its own; 0, or a `CallError`. */
export function copyFromCaller(from: u32, to: usize, bytes: u32): u32 {
  return trap(CallTrap.CopyFromCaller, from, <u32>to, bytes, 0);
}

/** Of a server: bytes of its own memory to the caller's; 0, or a `CallError`. */
export function copyToCaller(to: u32, from: usize, bytes: u32): u32 {
  return trap(CallTrap.CopyToCaller, to, <u32>from, bytes, 0);
}
