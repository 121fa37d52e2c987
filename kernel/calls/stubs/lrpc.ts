/**
 * The stubs of lightweight calls, executed in user mode: the client's copy arguments onto an A-stack (A) and results from it
 * (F). The server's use arguments where they are; a reference is made anew from the A-stack's address, none is taken from
 * the client. What must not change while it is looked at is copied to the E-stack first (E).
 *
 * A client's binding is in memory of its own, see `BINDING_BYTES`:
 *
 *     | number | procedures | by procedure: first A-stack, how many, bytes | waits | by procedure: queue | queues |
 *
 * A server on another machine has no A-stacks: its number says so by one bit, REMOTE, and the same bytes go by message.
 *
 * @source Bershad, Anderson, Lazowska, Levy: Lightweight Remote Procedure Call, ACM TOCS 8(1), 1990, sections 3.1, 3.2, 3.5, 5.1
 */
import { mark } from "../../machine";
import { trap } from "../../privileged";
import { give, isEmpty, LATE_STACKS, queueBytes, take } from "../a-stacks";
import { CallEvent, Copy } from "../events";
import { CallError, CallTrap, isError, REMOTE } from "../numbers";
import { BIG, Procedure } from "../procedures";

const PROCEDURES: u32 = 8;
const TOLD: u32 = 12;
const WAITS: u32 = 8 + PROCEDURES * TOLD;
const QUEUES: u32 = WAITS + 4;
const FIRST_QUEUE: u32 = QUEUES + PROCEDURES * 4;
/** In a queue, late ones among them. */
const MOST: u32 = 80;
/** Of a message to another machine, and how many at once. */
const MESSAGE_BYTES: u32 = 256;
const MESSAGES: u32 = 4;

/** Of a client's binding, in its memory, from a multiple of 4 on. */
export const BINDING_BYTES: u32 = FIRST_QUEUE + PROCEDURES * (8 + 4 * MOST);

/** Binds to a server: 0, or a `CallError`. `waits`: when A-stacks run out, until one is free; or else more are asked for. */
export function bind(binding: usize, server: u32, waits: bool): u32 {
  const number = trap(CallTrap.Bind, server, <u32>binding, 0, 0);
  if (isError(number)) return number;
  store<u32>(binding, u32(waits), WAITS);
  let queue = <u32>binding + FIRST_QUEUE;
  for (let i: u32 = 0; i < load<u32>(binding, 4); i++) {
    const before = alike(binding, i);
    if (before < i) {
      store<u32>(binding + 4 * i, queueOf(binding, before), QUEUES);
      continue;
    }
    store<u32>(binding + 4 * i, queue, QUEUES);
    giveAll(queue, first(binding, i), bytes(binding, i), load<u32>(binding + i * TOLD, 12));
    queue += queueBytes(MOST);
  }
  return 0;
}

/** Binds to a server of another machine; a message's room is at `messages`, of 1024 bytes. */
export function bindRemote(binding: usize, server: u32, messages: usize): void {
  store<u32>(binding, server | REMOTE);
  store<u32>(binding, 1, WAITS);
  for (let i: u32 = 0; i < PROCEDURES; i++) store<u32>(binding + 4 * i, <u32>binding + FIRST_QUEUE, QUEUES);
  giveAll(<u32>binding + FIRST_QUEUE, <u32>messages, MESSAGE_BYTES, MESSAGES);
}

/** The first procedure that has the same A-stacks. */
function alike(binding: usize, i: u32): u32 {
  let j: u32 = 0;
  while (first(binding, j) != first(binding, i)) j++;
  return j;
}

function first(binding: usize, i: u32): u32 {
  return load<u32>(binding + i * TOLD, 8);
}

function bytes(binding: usize, i: u32): u32 {
  return load<u32>(binding + i * TOLD, 16);
}

function queueOf(binding: usize, i: u32): u32 {
  return load<u32>(binding + 4 * i, QUEUES);
}

function giveAll(queue: usize, at: u32, each: u32, count: u32): void {
  for (let i = min(count, MOST); i > 0; i--) give(queue, at + (i - 1) * each);
}

/** A call of a procedure with what is on an A-stack. */
function call(binding: usize, procedure: u32, aStack: u32, length: u32): u32 {
  const number = load<u32>(binding);
  if (number & REMOTE) return trap(CallTrap.SendMessage, number & ~REMOTE, procedure, aStack, length);
  return trap(CallTrap.CallLight, number, procedure, aStack, 0);
}

/** An A-stack has run out: others are asked for, or one is waited for. 0 if that cannot be. */
function wait(binding: usize, procedure: u32): u32 {
  const queue = queueOf(binding, procedure);
  if (load<u32>(binding, WAITS) == 0) {
    const more = trap(CallTrap.BindMore, load<u32>(binding), procedure, 0, 0);
    if (!isError(more)) {
      giveAll(queue, more + bytes(binding, procedure), bytes(binding, procedure), LATE_STACKS - 1);
      return more;
    }
  }
  let aStack = take(queue);
  while (aStack == 0) {
    trap(CallTrap.Yield, 0, 0, 0, 0);
    if (!isEmpty(queue)) aStack = take(queue);
  }
  return aStack;
}

/** An A-stack is free after a call; one whose call was aborted is the server's still, and is not used again. */
function giveBack(queue: usize, aStack: u32, result: u32): void {
  if (result != CallError.CallAborted) give(queue, aStack);
}

/** Null of the server: 0, or a `CallError`. */
export function callNull(binding: usize): u32 {
  const queue = queueOf(binding, Procedure.Null);
  let aStack = take(queue);
  if (aStack == 0) aStack = wait(binding, Procedure.Null);
  const result = call(binding, Procedure.Null, aStack, 0);
  giveBack(queue, aStack, result);
  return result;
}

/** Add of the server: the sum, or a `CallError`. */
export function callAdd(binding: usize, a: u32, b: u32): u32 {
  const queue = queueOf(binding, Procedure.Add);
  let aStack = take(queue);
  if (aStack == 0) aStack = wait(binding, Procedure.Add);
  mark(CallEvent.Copy, Copy.A);
  store<u32>(aStack, a);
  store<u32>(aStack, b, 4);
  const result = call(binding, Procedure.Add, aStack, 8);
  if (isError(result)) {
    giveBack(queue, aStack, result);
    return result;
  }
  mark(CallEvent.Copy, Copy.F);
  const sum = load<u32>(aStack);
  give(queue, aStack);
  return sum;
}

/** BigIn of the server takes the bytes at an address: 0, or a `CallError`. */
export function callBigIn(binding: usize, from: usize): u32 {
  const queue = queueOf(binding, Procedure.BigIn);
  let aStack = take(queue);
  if (aStack == 0) aStack = wait(binding, Procedure.BigIn);
  mark(CallEvent.Copy, Copy.A);
  memory.copy(aStack, from, BIG);
  const result = call(binding, Procedure.BigIn, aStack, BIG);
  giveBack(queue, aStack, result);
  return result;
}

/** BigInOut of the server, or BigInOutSafe, takes the bytes at an address, and its own come there: 0, or a `CallError`. */
export function callBigInOut(binding: usize, procedure: u32, at: usize): u32 {
  const queue = queueOf(binding, procedure);
  let aStack = take(queue);
  if (aStack == 0) aStack = wait(binding, procedure);
  mark(CallEvent.Copy, Copy.A);
  memory.copy(aStack, at, BIG);
  const result = call(binding, procedure, aStack, BIG);
  if (!isError(result)) {
    mark(CallEvent.Copy, Copy.F);
    memory.copy(at, aStack, BIG);
  }
  giveBack(queue, aStack, result);
  return isError(result) ? result : 0;
}

/** What a clerk exports: see interfaces.ts. */
export function exportInterface(list: usize, procedures: u32): u32 {
  return trap(CallTrap.ExportInterface, <u32>list, procedures, 0, 0);
}

/** Arguments on an A-stack to the E-stack. */
export function takeArguments(eStack: usize, aStack: usize, length: u32): void {
  mark(CallEvent.Copy, Copy.E);
  memory.copy(eStack, aStack, length);
}

/** Of a server: bytes of the client's memory that an A-stack is too short for; 0, or a `CallError`. */
export function copyFromClient(from: u32, to: usize, length: u32): u32 {
  return trap(CallTrap.CopyFromClient, from, <u32>to, length, 0);
}

/** The same to the client's memory. */
export function copyToClient(to: u32, from: usize, length: u32): u32 {
  return trap(CallTrap.CopyToClient, to, <u32>from, length, 0);
}
