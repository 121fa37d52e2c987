/**
 * The server of kernel/os/calls: its procedures, behind the stubs of each mechanism, by whose names its exports go. A call that
 * is not what the client has sent is a fault.
 */
import { CallEvent } from "../kernel/calls/events";
import { isError } from "../kernel/calls/numbers";
import { ANSWER, BIG, LINE, MARK, MOST_LINES, Procedure } from "../kernel/calls/procedures";
import { exportInterface, takeArguments as takeFromAStack } from "../kernel/calls/stubs/lrpc";
import { receive, takeArguments } from "../kernel/calls/stubs/message";
import { copyFromCaller, copyToCaller } from "../kernel/calls/stubs/ppc";
import { mark } from "../kernel/machine";

/** By thread or worker, a stack; by thread, a message. */
const MOST: u32 = 128;
const MOST_THREADS: u32 = 32;
const BYTES: u32 = 256;
const STACKS: usize = memory.data(32768, 256);
const MESSAGES: usize = memory.data(8192, 256);
/** What the clerk gives to the kernel. */
const LIST: usize = memory.data(256, 16);
const NAMES: usize = memory.data(256, 16);
/** What `Touch` writes. */
const LINES: usize = memory.data(16384, 256);

/** A thread of the server's serves calls until the domain ends. */
export function message(thread: u32): u32 {
  const M = MESSAGES + (thread % MOST_THREADS) * BYTES;
  const stack = STACKS + (thread % MOST) * BYTES;
  let bytes: u32 = 0;
  while (true) {
    const procedure = receive(M, bytes);
    if (isError(procedure)) return procedure;
    mark(CallEvent.ServerBegins, procedure);
    bytes = 0;
    switch (procedure) {
      case Procedure.Null:
        break;
      case Procedure.Add:
        takeArguments(stack, M, 8);
        store<u32>(M, sum(load<u32>(stack), load<u32>(stack, 4)));
        bytes = 4;
        break;
      case Procedure.BigIn:
        takeArguments(stack, M, BIG);
        bigIn(stack);
        break;
      default:
        takeArguments(stack, M, BIG);
        bigInOut(stack, M);
        bytes = BIG;
        break;
    }
    mark(CallEvent.ServerEnds, procedure);
  }
}

/** The clerk: exports what lightweight calls call. */
export function lrpc(): u32 {
  store<u32>(LIST, <u32>STACKS);
  store<u32>(LIST, BYTES, 4);
  store<u32>(LIST, 32, 8);
  store<u32>(LIST, -1, 12);
  listed(Procedure.Null, "lrpcNull", 0);
  listed(Procedure.Add, "lrpcAdd", 8);
  listed(Procedure.BigIn, "lrpcBigIn", BIG);
  listed(Procedure.BigInOut, "lrpcBigInOut", BIG);
  listed(Procedure.Touch, "lrpcTouch", 4);
  listed(Procedure.BigInOutSafe, "lrpcBigInOutSafe", BIG);
  return exportInterface(LIST, Procedure.BigInOutSafe + 1);
}

function listed(procedure: u32, name: string, bytes: u32): void {
  const descriptor = LIST + 16 + procedure * 16;
  const at = NAMES + procedure * 32;
  for (let i = 0; i < name.length; i++) store<u8>(at + i, <u8>name.charCodeAt(i));
  store<u32>(descriptor, <u32>at);
  store<u32>(descriptor, name.length, 4);
  store<u32>(descriptor, bytes, 12);
}

export function lrpcNull(aStack: u32): u32 {
  mark(CallEvent.ServerBegins, Procedure.Null);
  mark(CallEvent.ServerEnds, Procedure.Null);
  return 0;
}

export function lrpcAdd(aStack: u32): u32 {
  mark(CallEvent.ServerBegins, Procedure.Add);
  store<u32>(aStack, sum(load<u32>(aStack), load<u32>(aStack, 4)));
  mark(CallEvent.ServerEnds, Procedure.Add);
  return 0;
}

export function lrpcBigIn(aStack: u32): u32 {
  mark(CallEvent.ServerBegins, Procedure.BigIn);
  bigIn(aStack);
  mark(CallEvent.ServerEnds, Procedure.BigIn);
  return 0;
}

export function lrpcBigInOut(aStack: u32): u32 {
  mark(CallEvent.ServerBegins, Procedure.BigInOut);
  bigInOut(aStack, aStack);
  mark(CallEvent.ServerEnds, Procedure.BigInOut);
  return 0;
}

export function lrpcBigInOutSafe(aStack: u32, eStack: u32): u32 {
  mark(CallEvent.ServerBegins, Procedure.BigInOutSafe);
  takeFromAStack(eStack, aStack, BIG);
  bigInOut(eStack, aStack);
  mark(CallEvent.ServerEnds, Procedure.BigInOutSafe);
  return 0;
}

export function lrpcTouch(aStack: u32): u32 {
  return touch(load<u32>(aStack));
}

/** A protected procedure call. */
export function ppc(a: u32, b: u32, c: u32, d: u32, asked: u32, worker: u32): u32 {
  const procedure = asked & 0xff;
  mark(CallEvent.ServerBegins, procedure);
  const result = execute(procedure, a, b, STACKS + (worker % MOST) * BYTES);
  mark(CallEvent.ServerEnds, procedure);
  return result;
}

function execute(procedure: u32, a: u32, b: u32, stack: usize): u32 {
  switch (procedure) {
    case Procedure.Null:
      return 0;
    case Procedure.Add:
      return sum(a, b);
    case Procedure.BigIn:
      copyFromCaller(a, stack, BIG);
      bigIn(stack);
      return 0;
    case Procedure.BigInOut:
    case Procedure.BigInOutSafe:
      copyFromCaller(a, stack, BIG);
      bigInOut(stack, stack);
      return copyToCaller(a, stack, BIG);
    default:
      return touch(a);
  }
}

function sum(a: u32, b: u32): u32 {
  return a + b;
}

function bigIn(bytes: usize): void {
  if (load<u32>(bytes) != MARK || load<u32>(bytes + BIG - 4) != MARK) unreachable();
}

/** The result is in the place of the message, where the same bytes are. */
function bigInOut(bytes: usize, result: usize): void {
  bigIn(bytes);
  store<u32>(result, MARK + ANSWER);
  store<u32>(result + BIG - 4, MARK + ANSWER);
}

function touch(lines: u32): u32 {
  for (let i: u32 = 0; i < min(lines, MOST_LINES); i++) {
    const at = LINES + i * LINE;
    store<u32>(at, load<u32>(at) + 1);
  }
  return 0;
}
