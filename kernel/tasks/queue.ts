/**
 * A ready queue: a list of tasks in the order in which they are to be taken, with a guard.
 *
 *     Q | guard: 16 bytes | first | last | length |
 *
 * Invariant: outside of its guarded sections, `first`, `next` ... lists the tasks whose `inQueue` is Q, `previous` and
 * `last` the same the other way round, and `length` is how many they are. All is written by `set` in a section, so that
 * a section that its owner did not live to leave has changed nothing.
 */
import { NIL, read } from "../atomics";
import { enter, enterToRepair, GUARD_BYTES, leave, set } from "../library/guard";
import { inQueue, next, previous } from "./scheduler";

const first: u32 = GUARD_BYTES;
const last: u32 = first + 4;
const length: u32 = first + 8;

/** S: the scheduler that the queue is of. */
export function enterQueue(S: usize, Q: usize): void {
  enter(S, Q);
}

/** As `enterQueue`, for who repairs; false: it is to try again later. */
export function enterQueueToRepair(S: usize, Q: usize): bool {
  return enterToRepair(S, Q);
}

export function leaveQueue(Q: usize): void {
  leave(Q);
}

/** The task that is to be taken first, or NIL. Its `next` is the one after it. */
export function firstOf(Q: usize): usize {
  return read(Q + first);
}

/** The task that is to be taken last, or NIL. */
export function lastOf(Q: usize): usize {
  return read(Q + last);
}

/** May be asked outside of a section. */
export function lengthOf(Q: usize): u32 {
  return read(Q + length);
}

/** In a section, of a task that is in no queue. */
export function append(Q: usize, T: usize): void {
  if (read(T + inQueue) != NIL) unreachable();
  const before = read(Q + last);
  set(T + inQueue, <u32>Q);
  set(T + next, NIL);
  set(T + previous, before);
  set(before == NIL ? Q + first : before + next, <u32>T);
  set(Q + last, <u32>T);
  set(Q + length, read(Q + length) + 1);
}

/** In a section, of a task that is in no queue, and one that is in this one. */
export function insertBefore(Q: usize, T: usize, after: usize): void {
  if (read(T + inQueue) != NIL) unreachable();
  const before = read(after + previous);
  set(T + inQueue, <u32>Q);
  set(T + next, <u32>after);
  set(T + previous, before);
  set(before == NIL ? Q + first : before + next, <u32>T);
  set(after + previous, <u32>T);
  set(Q + length, read(Q + length) + 1);
}

/** In a section, of a task that is in the queue. */
export function remove(Q: usize, T: usize): void {
  const before = read(T + previous);
  const after = read(T + next);
  set(before == NIL ? Q + first : before + next, after);
  set(after == NIL ? Q + last : after + previous, before);
  set(T + inQueue, NIL);
  set(Q + length, read(Q + length) - 1);
}
