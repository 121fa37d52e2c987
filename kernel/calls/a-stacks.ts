/**
 * A-stacks: arguments and results of lightweight calls, in pages that the client's domain and the server's have at the same
 * addresses, and no other domain. Those of procedures whose A-stacks are as long are one array, which both procedures use.
 *
 *     | A-stack 0 | A-stack 1 | ... | A-stack n - 1 |        contiguous: the kernel finds the number by arithmetic
 *
 * The client keeps the ones that it does not use in a stack in its own memory, by procedure, with a lock of its own. It is
 * executed in user mode. Last in, first out: the one that is used next is in the cache, and its server's stack, too.
 *
 *     queue:  | lock | count | A-stack | A-stack | ... |
 *
 * Nothing that a client does here is trusted: the kernel looks at each A-stack that it is given.
 *
 * @source Bershad, Anderson, Lazowska, Levy: Lightweight Remote Procedure Call, ACM TOCS 8(1), 1990, sections 3.1 and 3.2
 */
import { read, write } from "../atomics";
import * as locks from "../locks/test-and-test-and-set";

/** Where they are in both domains: above the memory of images, by binding. */
export const A_STACKS: u32 = 0xc0000000;
export const BINDING_SHIFT: u32 = 18;
/** How many come when a client has run out of them. */
export const LATE_STACKS: u32 = 4;

const COUNT: usize = 4;
const FIRST: usize = 8;

/** Bytes of a queue of so many. */
export function queueBytes(most: u32): u32 {
  return <u32>FIRST + 4 * most;
}

/** An A-stack that nobody uses; 0 if all are in use. */
export function take(queue: usize): u32 {
  locks.acquire(queue, 0);
  const count = load<u32>(queue, COUNT);
  let aStack: u32 = 0;
  if (count != 0) {
    write(queue + COUNT, count - 1);
    aStack = load<u32>(queue + 4 * (count - 1), FIRST);
  }
  locks.release(queue, 0);
  return aStack;
}

/**
 * Whether there is none, without the lock: who waits for an A-stack looks here first. Who took the lock again and again would
 * keep those out for ever that want to give one back.
 */
export function isEmpty(queue: usize): bool {
  return read(queue + COUNT) == 0;
}

export function give(queue: usize, aStack: u32): void {
  locks.acquire(queue, 0);
  const count = load<u32>(queue, COUNT);
  store<u32>(queue + 4 * count, aStack, FIRST);
  write(queue + COUNT, count + 1);
  locks.release(queue, 0);
}
