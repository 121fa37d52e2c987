/**
 * The stubs of messages, executed in user mode: the client's copy arguments into a message (A) and results out of it (F), the
 * server's copy arguments to its stack (E), and write results into the message.
 */
import { mark } from "../../machine";
import { trap } from "../../privileged";
import { CallEvent, Copy } from "../events";
import { CallTrap, isError } from "../numbers";
import { BIG, Procedure } from "../procedures";

/** Null of the server: 0, or a `CallError`. `message`: room for a message, the thread's own; the same below. */
export function callNull(binding: u32, message: usize): u32 {
  return trap(CallTrap.SendMessage, binding, Procedure.Null, <u32>message, 0);
}

/** Add of the server: the sum, or a `CallError`. */
export function callAdd(binding: u32, message: usize, a: u32, b: u32): u32 {
  mark(CallEvent.Copy, Copy.A);
  store<u32>(message, a);
  store<u32>(message, b, 4);
  const bytes = trap(CallTrap.SendMessage, binding, Procedure.Add, <u32>message, 8);
  if (isError(bytes)) return bytes;
  mark(CallEvent.Copy, Copy.F);
  return load<u32>(message);
}

/** BigIn of the server takes the bytes at an address: 0, or a `CallError`. */
export function callBigIn(binding: u32, message: usize, bytes: usize): u32 {
  mark(CallEvent.Copy, Copy.A);
  memory.copy(message, bytes, BIG);
  return trap(CallTrap.SendMessage, binding, Procedure.BigIn, <u32>message, BIG);
}

/** BigInOut of the server takes the bytes at an address, and its own come there: 0, or a `CallError`. */
export function callBigInOut(binding: u32, message: usize, bytes: usize): u32 {
  mark(CallEvent.Copy, Copy.A);
  memory.copy(message, bytes, BIG);
  const answered = trap(CallTrap.SendMessage, binding, Procedure.BigInOut, <u32>message, BIG);
  if (isError(answered)) return answered;
  mark(CallEvent.Copy, Copy.F);
  memory.copy(bytes, message, BIG);
  return 0;
}

/** The next call of a server's thread: its procedure; or a `CallError`. It answers the one before with so many bytes. */
export function receive(message: usize, bytes: u32): u32 {
  const call = trap(CallTrap.ReceiveMessage, <u32>message, bytes, 0, 0);
  return isError(call) ? call : call & 0xffff;
}

/** Arguments in a message to the server's stack. */
export function takeArguments(stack: usize, message: usize, bytes: u32): void {
  mark(CallEvent.Copy, Copy.E);
  memory.copy(stack, message, bytes);
}
