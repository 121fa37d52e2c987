/**
 * Condition: where those sleep who hold a lock and need something to change under it. Each waits at a word of its own, in
 * a queue; who notifies takes from its front, and knows whom it has woken.
 *
 *     C    | identity | awaited | guard: 16 bytes | first | waiting | queue: 8 bytes |
 *     node | next | previous | state | owner |             one for each who waits, the waiter's own
 *
 *     queue      a ring of nodes in the order in which they came: those notified, then those who wait
 *     first      the first who waits, the queue itself if nobody does; `waiting` is how many do
 *     awaited    1 if anybody may wait, for who notifies to know without the guard
 *
 * 1. Wait: under the lock, join the queue; let the lock go; look a while, then sleep while the state is WAITING; take the
 *    lock.
 * 2. Time over, or given up: with the lock again, leave the queue, unless notified by then.
 * 3. Freed: who frees it takes all nodes out of the queue, and wakes whose they are.
 * 4. Notified: leave the queue when the lock is let go. If the worker dies before, the next who waits is notified.
 *
 * Invariant: who notifies finds all in the queue who let the lock go before, each is notified once, and a notification
 * ends with its worker having held the lock and let it go, or with nobody waiting. `awaited` is written past the journal,
 * so that it is never 0 because of a section that is undone: 1 before anybody joins, 0 by who finds nobody waiting.
 * Waking is inside the section, or said before it ends: who dies in it has notified nobody, which those who are awake see
 * under the guard; who dies after it, has its wake-up made by repair.
 *
 * Source: the queue of waiters is Birrell's, Implementing Condition Variables with Semaphores, 2003; passing a dead
 * waiter's notification on is ours.
 */
import { read, write } from "../atomics";
import { allocate, release } from "./allocator";
import { enterRemains, isObject, leaveObject } from "./existence";
import { enter, enterToRepair, GUARD_BYTES, leave, set } from "./guard";
import { canHold, drop, hold } from "./holdings";
import { FRESH } from "./lock-word";
import { createObject, FREED, Kind, kindOf } from "./objects";
import { lookWhile } from "./patience";
import { mustWake, waitAt } from "./sleep";
import { me } from "./space";

const awaited: u32 = 4;
const guard: u32 = 8;
const first: u32 = guard + GUARD_BYTES;
const waiting: u32 = first + 4;
const queue: u32 = waiting + 4;
const BYTES: u32 = queue + 8;

// Of a node; the queue has the first two.
const next: u32 = 0;
const previous: u32 = 4;
const state: u32 = 8;
const owner: u32 = 12;
const NODE_BYTES: u32 = 16;

const WAITING: u32 = 0;
const NOTIFIED: u32 = 1;
/** The condition was freed. */
const DISMISSED: u32 = 2;

/** Who is notified in one section, three words of its journal each. */
const BATCH: u32 = 12;

/** Results of joining that are no node. */
export const FULL: u32 = 0;
export const HOLDS_TOO_MANY: u32 = 4;

/** Results of an attempt, beside WAIT. */
export const WOKEN: u32 = 0;

export function create(): usize {
  const C = createObject(Kind.Condition, BYTES);
  if (C == 0) return 0;
  const Q = C + queue;
  write(C + first, <u32>Q);
  write(Q + next, <u32>Q);
  write(Q + previous, <u32>Q);
  return C;
}

/** To be called by who holds the lock, before it lets it go. Returns the caller's node. */
export function join(C: usize): usize {
  if (!canHold()) return HOLDS_TOO_MANY;
  const node = allocate(NODE_BYTES);
  if (node == 0) return FULL;
  hold(C);
  enter(C, C + guard);
  if (kindOf(C) != Kind.Condition) {
    leave(C + guard);
    release(node);
    return FREED;
  }
  const Q = C + queue;
  const last = read(Q + previous);
  store<u32>(node + next, <u32>Q);
  store<u32>(node + previous, last);
  store<u32>(node + state, WAITING);
  store<u32>(node + owner, me);
  write(C + awaited, 1);
  set(last + next, <u32>node);
  set(Q + previous, <u32>node);
  if (read(C + first) == Q) set(C + first, <u32>node);
  set(C + waiting, read(C + waiting) + 1);
  leave(C + guard);
  return node;
}

/** WOKEN, or where to sleep, after a while if there are cores for all. */
export function attempt(C: usize, node: usize, as: u32): u32 {
  if (as == FRESH) lookWhile(node + state, WAITING);
  if (read(node + state) == WAITING) return waitAt(node + state, WAITING);
  // What the section of who notifies wrote may be undone.
  enter(C, C + guard);
  const now = read(node + state);
  leave(C + guard);
  return now == WAITING ? waitAt(node + state, WAITING) : WOKEN;
}

/**
 * Of a waiter that sleeps no more and has the lock again: 1 if it was notified, else it leaves the queue; FREED if the
 * condition was freed, and the node is no more.
 */
export function settle(C: usize, as: u32, node: usize): u32 {
  if (enterRemains(C, as)) {
    enter(C, C + guard);
    const notified = read(node + state) == NOTIFIED && kindOf(C) == Kind.Condition;
    if (!notified) unlink(C, node);
    leave(C + guard);
    leaveObject();
    if (notified) return 1;
  }
  const freed = !isObject(C, as);
  forget(C, node);
  return freed ? FREED : 0;
}

/** Of a waiter that was notified, after it let the lock go: the notification has done its work. */
export function retire(C: usize, as: u32, node: usize): void {
  if (enterRemains(C, as)) {
    enter(C, C + guard);
    unlink(C, node);
    leave(C + guard);
    leaveObject();
  }
  forget(C, node);
}

function forget(C: usize, node: usize): void {
  drop(C);
  release(node);
}

/** Inside the guarded section. A node that is in the queue no more stays as it is. */
function unlink(C: usize, node: usize): void {
  const after = read(node + next);
  if (after == 0) return;
  const before = read(node + previous);
  set(before + next, after);
  set(after + previous, before);
  set(node + next, 0);
  if (read(node + state) == NOTIFIED) return;
  if (read(C + first) == node) set(C + first, after);
  set(C + waiting, read(C + waiting) - 1);
}

/** Wakes the `most` that have waited longest, or all; returns how many. */
export function notify(C: usize, most: u32): u32 {
  if (read(C + awaited) == 0) return 0;
  let woken: u32 = 0;
  for (let left = most; left > 0; ) {
    enter(C, C + guard);
    const there = read(C + waiting);
    if (there == 0) write(C + awaited, 0);
    // Who comes later is not meant.
    left = min(left, there);
    const some = min(left, BATCH);
    for (let i: u32 = 1; i < some; i++) wake(notifyFirst(C));
    const last = some > 0 ? notifyFirst(C) : 0;
    // The last outside, where it does not wait for the guard: one, as repair knows of one.
    if (last != 0) mustWake(last + state);
    leave(C + guard);
    if (last != 0) wake(last);
    woken += some;
    left -= some;
  }
  return woken;
}

/** Inside the guarded section, where somebody waits. Returns the node, to be woken. */
function notifyFirst(C: usize): usize {
  const node = read(C + first);
  set(C + first, read(node + next));
  set(C + waiting, read(C + waiting) - 1);
  set(node + state, NOTIFIED);
  return node;
}

function wake(node: usize): void {
  atomic.notify(node + state, 1);
}

/**
 * When it was freed. One node a section: a node stays its waiter's, who needs the guard to give it back. False, of the
 * guardian only: to be done again.
 */
export function dismissAll(C: usize): bool {
  for (let node: usize = 1; node != 0; ) {
    if (!enterToRepair(C, C + guard)) return false;
    node = read(C + queue + next);
    if (node == C + queue) node = 0;
    if (node != 0) {
      unlink(C, node);
      set(node + state, DISMISSED);
      atomic.notify(node + state, -1);
    }
    leave(C + guard);
  }
  return true;
}

/**
 * One of the dead worker's nodes at a time, as the journal is short: it leaves, and passes its notification on. False: to be
 * done again later.
 */
export function repair(C: usize, dead: u32): bool {
  for (let node: usize = 1; node != 0; ) {
    if (!enterToRepair(C, C + guard)) return false;
    node = nodeOf(C, dead);
    if (node != 0) {
      const notified = read(node + state) == NOTIFIED;
      unlink(C, node);
      if (notified && read(C + waiting) > 0) wake(notifyFirst(C));
    }
    leave(C + guard);
    if (node != 0) release(node);
  }
  return true;
}

/** A node of a worker, 0 if it has none. */
function nodeOf(C: usize, worker: u32): usize {
  const Q = C + queue;
  for (let node: usize = read(Q + next); node != Q; node = read(node + next)) {
    if (read(node + owner) == worker) return node;
  }
  return 0;
}
