/**
 * Wait graph: from a worker to all those that keep it from what it waits for. Workers that are debugged write down what they
 * wait for, for ever, before they sleep or spin; whoever does so last sees the cycle that it closes.
 *
 *     my record | waitsFor | thread | notes | waitNumber | awaited |
 *
 *     waitsFor     an object; one more for a writer that owns an RwLock's lock word, and waits for readers to be out;
 *                  two more for a call of a Service, whose A-stack is `awaited`
 *     waitNumber   waits that the slot's workers have written down so far
 *
 *     object       who keeps a worker that waits for it
 *     Mutex        its owner
 *     McsLock      its owner: whoever is in the queue before the worker does nothing but wait for it, too
 *     TicketLock   all who are in line before it: they may wait for something else, without having blocked for their turn
 *     RwLock       the owner of the lock word; or all who read
 *     Once         who does it
 *     Service      of a call that is executed, its server; else all servers together, if each of them waits for a lock
 *
 * All of them must let go before the worker goes on. A worker that waits for a call serves others meanwhile: it keeps nobody
 * from what it has not begun. What it has begun goes on after its wait, be that further down its stack, or in its event loop.
 * It writes down the wait each time before it sleeps, and clears it before it takes a call. Nobody keeps a worker from a semaphore's permits: also who has none
 * can add some; as everybody can notify a condition, set an event, use a channel. Barriers are left out, too.
 *
 * 1. `beginWait` writes down the object.
 * 2. `closesCycle` collects the workers that are stuck if the caller is: at first the caller, then each worker that one of
 *    them keeps, until that is the caller, or nobody more. A worker that several keep together counts as soon as one of them
 *    does. If the cycle may rest on such a worker, all who count are collected, and those whose keepers do not all count are
 *    excluded; then they are collected again without these, until the caller is not among them, or nobody is excluded.
 * 3. A caller that closes a cycle collects what it will say about the cycle's workers. `isSameCycle` then tells whether each
 *    of them is still in the wait in which step 2 found it. If not, the caller begins step 2 again.
 *    Where one waits for several servers together, all who are stuck must be, as the cycle rests on more of them than it names.
 * 4. `endWait` clears the object, once the worker has it, or gave up.
 *
 * Invariant: a worker in the cycle waits for ever if the caller does. Its keeper was in one wait from before the caller looked
 * at what it keeps to step 3, so that the keeper holds on for ever; and so was the worker itself. No cycle that nobody's
 * death ends is missed: each worker in it had what it keeps before it wrote down its wait, so that the last one finds all.
 * A worker writes down a wait with a new number, after it has written what others may read about that wait, and changes
 * nothing of that, nor lets anything go, before it has cleared the wait; its repair clears the wait first. So what was
 * read between steps 2 and 3 is of one moment. That holds of a call, too: only its server ends it, or takes it, and whether
 * nobody has taken it is asked once more when the waits of all its servers are known. Who begins to serve later is as who adds
 * a permit later; but a call that nobody else can take yet is told.
 *
 * Source: Holt, ACM Computing Surveys 4(3), 1972 (wait-for graphs).
 */
import { read, write } from "../atomics";
import { CALLED, phaseIn, RUNNING, slotIn } from "./a-stack";
import { heldCount, heldObject } from "./holdings";
import * as mcsLock from "./mcs-lock";
import * as mutex from "./mutex";
import { Kind, kindOf } from "./objects";
import * as once from "./once";
import * as rwLock from "./rw-lock";
import * as semaphore from "./semaphore";
import { serves } from "./service";
import { sleepAddress } from "./sleep";
import { awaited, me, my, notes, recordOf, thread, waitNumber, waitsFor, workers } from "./space";
import * as ticketLock from "./ticket-lock";

const FOR_READERS: u32 = 1;
const FOR_CALL: u32 = 2;
const FLAGS: u32 = FOR_READERS | FOR_CALL;
const STUCK_BYTES: u32 = 8;
/** In the words of slot 0, which is nobody's: whether one is kept by several together. */
const TOGETHER: u32 = 4;
/** In the place of a keeper: the worker can go on, though one keeps it. */
const EXCLUDED: u32 = u32.MAX_VALUE;

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
  writeDown(wait);
}

function writeDown(wait: u32): void {
  write(my + waitNumber, read(my + waitNumber) + 1);
  write(my + waitsFor, wait);
}

/**
 * Writes down that this worker waits for the answer of a call, before it sleeps; `endWait` follows before it executes anything.
 * Whether that may close a cycle even where nobody waits for a lock: the call's server waits, too.
 */
export function beginCall(V: usize, A: usize): bool {
  write(my + awaited, <u32>A);
  writeDown(<u32>V | FOR_CALL);
  const word = read(A);
  return phaseIn(word) == RUNNING && read(recordOf(slotIn(word)) + waitsFor) != 0;
}

/**
 * True if this worker, whose wait is written down, would wait for itself.
 *
 * @param stuck two words for each slot from 0 on, this worker's own: of a worker that is stuck, one that keeps it, and the
 *   number of its wait; the second of slot 0's says whether one is kept by several together
 */
export function closesCycle(stuck: usize): bool {
  memory.fill(stuck, 0, stuckBytes());
  do {
    while (collect(stuck)) if (isStuck(stuck, me) && !isTogether(stuck)) return true;
    if (!isStuck(stuck, me)) return false;
  } while (exclude(stuck));
  return true;
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
    if (!isInSameWait(slot, stuck)) return false;
    slot = keeperIn(stuck, slot);
  } while (slot != me);
  return !isTogether(stuck) || areInSameWaits(stuck);
}

function isInSameWait(slot: u32, stuck: usize): bool {
  const R = recordOf(slot);
  // In this order: a worker that has ended the wait by now must not be taken for one in it because it begins another.
  return read(R + waitsFor) != 0 && read(R + waitNumber) == load<u32>(stuck + STUCK_BYTES * slot + 4);
}

/** All who are stuck. */
function areInSameWaits(stuck: usize): bool {
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) {
    if (isStuck(stuck, slot) && !isInSameWait(slot, stuck)) return false;
  }
  return true;
}

function isStuck(stuck: usize, slot: u32): bool {
  const keeper = keeperIn(stuck, slot);
  return keeper != 0 && keeper != EXCLUDED;
}

/** Whether one of those who are stuck is taken to be kept by several together. */
function isTogether(stuck: usize): bool {
  return load<u32>(stuck + TOGETHER) != 0;
}

/** Looks at each worker that is not stuck yet; whether one more is. */
function collect(stuck: usize): bool {
  let found = false;
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) {
    if (keeperIn(stuck, slot) == 0 && isKept(slot, stuck)) found = true;
  }
  return found;
}

/** Whether the caller, or one who is stuck, keeps the worker; if so, it is stuck, too. */
function isKept(slot: u32, stuck: usize): bool {
  const R = recordOf(slot);
  const number = read(R + waitNumber);
  const wait = read(R + waitsFor);
  if (wait == 0) return false;
  if (wait & FOR_CALL) {
    const keeper = keeperFromAnswer(<usize>(wait & ~FLAGS), read(R + awaited), stuck, false);
    if (keeper == 0) return false;
    store<u32>(stuck + STUCK_BYTES * slot, keeper);
    store<u32>(stuck + STUCK_BYTES * slot + 4, number);
    return true;
  }
  for (let other: u32 = 1, last = workers(); other <= last; other++) {
    if ((other == me || isStuck(stuck, other)) && keeps(other, slot, wait)) {
      store<u32>(stuck + STUCK_BYTES * slot, other);
      store<u32>(stuck + STUCK_BYTES * slot + 4, number);
      return true;
    }
  }
  return false;
}

/**
 * Excludes those who are kept by several together, of whom not all are stuck; the others are to be collected again. False: there
 * are none.
 */
function exclude(stuck: usize): bool {
  let found = false;
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) {
    if (!isStuck(stuck, slot) || !canGoOn(slot, stuck)) continue;
    store<u32>(stuck + STUCK_BYTES * slot, EXCLUDED);
    found = true;
  }
  if (!found) return false;
  store<u32>(stuck + TOGETHER, 0);
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) {
    if (isStuck(stuck, slot)) store<u32>(stuck + STUCK_BYTES * slot, 0);
  }
  return true;
}

/** Whether a worker waits for a call that somebody can take, or has answered, although its keeper is stuck. */
function canGoOn(slot: u32, stuck: usize): bool {
  const R = recordOf(slot);
  const wait = read(R + waitsFor);
  return (wait & FOR_CALL) != 0 && keeperFromAnswer(<usize>(wait & ~FLAGS), read(R + awaited), stuck, true) == 0;
}

/**
 * Who keeps a worker from a call's answer, of those who are stuck, or the caller; 0: nobody. Where several do together: if all
 * of them must be stuck, or one is enough.
 */
function keeperFromAnswer(V: usize, A: usize, stuck: usize, all: bool): u32 {
  const word = read(A);
  if (phaseIn(word) == CALLED) return deafServer(V, stuck, all);
  const server = slotIn(word);
  return phaseIn(word) == RUNNING && (server == me || isStuck(stuck, server)) ? server : 0;
}

/** One of the servers that is stuck, or the caller, if each of them waits for a lock, so that none can take a call; 0: one can. */
function deafServer(V: usize, stuck: usize, all: bool): u32 {
  let server: u32 = 0;
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) {
    if (!serves(V, slot)) continue;
    const wait = read(recordOf(slot) + waitsFor);
    if (wait == 0 || wait & FOR_CALL) return 0;
    if (slot == me || isStuck(stuck, slot)) server = slot;
    else if (all) return 0;
  }
  if (server != 0) store<u32>(stuck + TOGETHER, 1);
  return server;
}

/** Whether `other` keeps a worker from what it waits for, both of them waiting. */
function keeps(other: u32, slot: u32, wait: u32): bool {
  const object = <usize>(wait & ~FLAGS);
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
  return read(recordOf(slot) + waitsFor) & ~FLAGS;
}

/** The A-stack of the call that a worker waits for; 0: it waits for none. */
export function callOf(slot: u32): u32 {
  const R = recordOf(slot);
  return read(R + waitsFor) & FOR_CALL ? read(R + awaited) : 0;
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
    case Kind.Service:
      return serves(object, slot);
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
