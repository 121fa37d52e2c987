/**
 * Wait graph: from a worker to all those that keep it from what it waits for. Workers that are debugged write down what they
 * wait for, for ever, before they sleep or spin; whoever does so last sees the cycle that it closes.
 *
 *     my record | waitsFor | thread | notes | waitNumber |
 *
 *     waitsFor     an object; one more for a writer that owns an RwLock's lock word, and waits for readers to be out
 *     waitNumber   waits that the slot's workers have written down so far
 *
 *     object       who keeps a worker that waits for it
 *     Mutex        its owner
 *     McsLock      its owner: whoever is in the queue before the worker does nothing but wait for it, too
 *     TicketLock   all who are in line before it: they may wait for something else, without having blocked for their turn
 *     RwLock       the owner of the lock word; or all who read
 *     Once         who does it
 *
 * All of them must let go before the worker goes on. Nobody keeps a worker from a semaphore's permits: also who has none
 * can add some; as everybody can notify a condition, set an event, use a channel. Barriers are left out, too.
 *
 * 1. `beginWait` writes down the object.
 * 2. `closesCycle` collects the workers that are stuck if the caller is: at first the caller, then each worker that one of
 *    them keeps, until that is the caller, or nobody more.
 * 3. A caller that closes a cycle collects what it will say about the cycle's workers. `isSameCycle` then tells whether each
 *    of them is still in the wait in which step 2 found it. If not, the caller begins step 2 again.
 * 4. `endWait` clears the object, once the worker has it, or gave up.
 *
 * Invariant: a worker in the cycle waits for ever if the caller does. Its keeper was in one wait from before the caller looked
 * at what it keeps to step 3, so that the keeper holds on for ever; and so was the worker itself. No cycle that nobody's
 * death ends is missed: each worker in it had what it keeps before it wrote down its wait, so that the last one finds all.
 * A worker writes down a wait with a new number, after it has written what others may read about that wait, and changes
 * nothing of that, nor lets anything go, before it has cleared the wait; its repair clears the wait first. So what was
 * read between steps 2 and 3 is of one moment.
 *
 * Source: Holt, ACM Computing Surveys 4(3), 1972 (wait-for graphs).
 */
import { read, write } from "../atomics";
import { heldCount, heldObject } from "./holdings";
import * as mcsLock from "./mcs-lock";
import * as mutex from "./mutex";
import { Kind, kindOf } from "./objects";
import * as once from "./once";
import * as rwLock from "./rw-lock";
import * as semaphore from "./semaphore";
import { sleepAddress } from "./sleep";
import { me, my, notes, recordOf, thread, waitNumber, waitsFor, workers } from "./space";
import * as ticketLock from "./ticket-lock";

const FOR_READERS: u32 = 1;
const STUCK_BYTES: u32 = 8;

/**
 * Writes down what this worker waits for, after the attempt that told it so; again where the next attempt may have told it
 * to wait for others.
 */
export function beginWait(object: usize): void {
  const forReaders = kindOf(object) == Kind.RwLock && rwLock.isDrained(object, sleepAddress);
  const wait = <u32>object | (forReaders ? FOR_READERS : 0);
  if (read(my + waitsFor) == wait) return;
  // A wait in which readers are waited for, too, is another: who keeps the worker has changed.
  write(my + waitsFor, 0);
  write(my + waitNumber, read(my + waitNumber) + 1);
  write(my + waitsFor, wait);
}

/**
 * True if this worker, whose wait is written down, would wait for itself.
 *
 * @param stuck two words for each slot from 0 on, this worker's own: of a worker that is stuck, one that keeps it, and the
 *   number of its wait
 */
export function closesCycle(stuck: usize): bool {
  memory.fill(stuck, 0, stuckBytes());
  while (collect(stuck)) if (isStuck(stuck, me)) return true;
  return false;
}

export function stuckBytes(): u32 {
  return STUCK_BYTES * (workers() + 1);
}

/** Of a worker in a cycle that was found: one that keeps it. */
export function keeperIn(stuck: usize, slot: u32): u32 {
  return load<u32>(stuck + STUCK_BYTES * slot);
}

/** Whether all workers of the cycle that `closesCycle` found have been in the same waits since then. */
export function isSameCycle(stuck: usize): bool {
  let slot = me;
  do {
    const R = recordOf(slot);
    // In this order: a worker that has ended the wait by now must not be taken for one in it because it begins another.
    if (read(R + waitsFor) == 0 || read(R + waitNumber) != load<u32>(stuck + STUCK_BYTES * slot + 4)) return false;
    slot = keeperIn(stuck, slot);
  } while (slot != me);
  return true;
}

function isStuck(stuck: usize, slot: u32): bool {
  return keeperIn(stuck, slot) != 0;
}

/** Looks at each worker that is not stuck yet; whether one more is. */
function collect(stuck: usize): bool {
  let found = false;
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) {
    if (!isStuck(stuck, slot) && isKept(slot, stuck)) found = true;
  }
  return found;
}

/** Whether the caller, or one who is stuck, keeps the worker; if so, it is stuck, too. */
function isKept(slot: u32, stuck: usize): bool {
  const R = recordOf(slot);
  const number = read(R + waitNumber);
  const wait = read(R + waitsFor);
  if (wait == 0) return false;
  for (let other: u32 = 1, last = workers(); other <= last; other++) {
    if ((other == me || isStuck(stuck, other)) && keeps(other, slot, wait)) {
      store<u32>(stuck + STUCK_BYTES * slot, other);
      store<u32>(stuck + STUCK_BYTES * slot + 4, number);
      return true;
    }
  }
  return false;
}

/** Whether `other` keeps a worker from what it waits for, both of them waiting. */
function keeps(other: u32, slot: u32, wait: u32): bool {
  const object = <usize>(wait & ~FOR_READERS);
  switch (kindOf(object)) {
    case Kind.Mutex:
      return mutex.owner(object) == other;
    case Kind.McsLock:
      return mcsLock.owns(object, other);
    case Kind.TicketLock:
      return ticketLock.isBefore(object, other, slot);
    case Kind.RwLock:
      return wait & FOR_READERS ? rwLock.reads(object, other) : rwLock.keepsOut(object, other, slot);
    case Kind.Once:
      return once.runs(object, other);
    default:
      return false;
  }
}

export function endWait(): void {
  write(my + waitsFor, 0);
}

export function waitsForOf(slot: u32): u32 {
  return read(recordOf(slot) + waitsFor) & ~FOR_READERS;
}

/** Whether a worker on whose list an object is has it, and does not only wait for it. */
export function has(slot: u32, object: usize): bool {
  switch (kindOf(object)) {
    case Kind.Mutex:
      return mutex.owner(object) == slot;
    case Kind.McsLock:
      return mcsLock.owns(object, slot);
    case Kind.TicketLock:
      return ticketLock.owns(object, slot);
    case Kind.RwLock:
      return rwLock.writes(object, slot) || rwLock.reads(object, slot);
    case Kind.Semaphore:
      return semaphore.has(object, slot);
    case Kind.Once:
      return once.runs(object, slot);
    case Kind.Condition:
    case Kind.Event:
      return false;
    default:
      return true;
  }
}

/** Of a dead worker's record; the notes are the slot's next worker's. */
export function forgetWait(R: usize): void {
  write(R + waitsFor, 0);
  write(R + thread, 0);
}

/**
 * What this worker says about itself: the number of its thread, -1 to say no more, and a block that stays with its slot. Who
 * finds the thread reads the block.
 */
export function describe(threadOfMine: i32, notesOfMine: usize): void {
  write(my + notes, <u32>notesOfMine);
  write(my + thread, threadOfMine + 1);
}

/** -1: the worker has not said. */
export function threadOf(slot: u32): i32 {
  return read(recordOf(slot) + thread) - 1;
}

export function notesOf(slot: u32): u32 {
  return read(recordOf(slot) + notes);
}

/** An object on a worker's list, 0 for none. For people: the worker may be changing it. */
export function heldBy(slot: u32, index: u32): usize {
  const R = recordOf(slot);
  return index < heldCount(R) ? heldObject(R, index) : 0;
}
