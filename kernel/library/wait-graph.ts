/**
 * Wait graph: from a worker to all those that keep it from what it waits for. Workers that are debugged write down what they
 * wait for, for ever, before they sleep or spin; whoever does so last sees the cycle that it closes.
 *
 *     my record | waitsFor | thread | notes |
 *
 *     waitsFor     an object; one more for a writer that owns an RwLock's lock word, and waits for readers to be out
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
 * 1. `beginWait` writes down the object, then collects who is stuck if the caller is: at first the caller, then whoever is
 *    kept by one of them, until that is the caller, or nobody more.
 * 2. `endWait`, once it has the object or gave up, clears it.
 *
 * Invariant: who is collected waits for ever if the caller does. Its keeper was stuck when it was looked whether it keeps
 * it, so that it holds on for ever; and after that look it was still waiting. No cycle that nobody's death ends is
 * missed: each in it had what it keeps before it wrote down its wait, so that the last finds all.
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
import { me, my, notes, recordOf, thread, waitsFor, workers } from "./space";
import * as ticketLock from "./ticket-lock";

const FOR_READERS: u32 = 1;

/**
 * Writes down what this worker waits for, after the attempt that told it so; again where the next attempt may have told it
 * to wait for others. True if it would wait for itself.
 *
 * @param keepers a word for each slot from 0 on, this worker's own: of who is stuck, one who keeps it
 */
export function beginWait(object: usize, keepers: usize): bool {
  const forReaders = kindOf(object) == Kind.RwLock && rwLock.isDrained(object, sleepAddress);
  write(my + waitsFor, <u32>object | (forReaders ? FOR_READERS : 0));
  memory.fill(keepers, 0, 4 * (workers() + 1));
  while (collect(keepers)) if (isStuck(keepers, me)) return true;
  return false;
}

function isStuck(keepers: usize, slot: u32): bool {
  return load<u32>(keepers + 4 * slot) != 0;
}

/** Looks at each worker that is not stuck yet; whether one more is. */
function collect(keepers: usize): bool {
  let found = false;
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) {
    if (isStuck(keepers, slot)) continue;
    const keeper = keeperOf(slot, keepers);
    store<u32>(keepers + 4 * slot, keeper);
    if (keeper != 0) found = true;
  }
  return found;
}

/** One who keeps the worker, of the caller and those who are stuck. */
function keeperOf(slot: u32, keepers: usize): u32 {
  const wait = read(recordOf(slot) + waitsFor);
  if (wait == 0) return 0;
  for (let other: u32 = 1, last = workers(); other <= last; other++) {
    if ((other == me || isStuck(keepers, other)) && keeps(other, slot, wait)) {
      return read(recordOf(slot) + waitsFor) == wait ? other : 0;
    }
  }
  return 0;
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

/** What this worker says about itself: the number of its thread, -1 to say no more, and a block that stays with its slot. */
export function describe(threadOfMine: i32, notesOfMine: usize): void {
  write(my + thread, threadOfMine + 1);
  write(my + notes, <u32>notesOfMine);
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
