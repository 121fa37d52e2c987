/**
 * Detection of deadlocks, proven. Each processor takes the steps of a program of its own: it locks objects one after the
 * other, for reading or writing, and lets all go in the end. Who is told that it would wait for itself tries once more, at
 * whatever time, and must not get the object, unless another was told, too, or died; then it ends, or begins again. If nobody is told of a
 * deadlock, the checked machine finds it. And what it can say about the cycle is of one moment: each worker in it has said what
 * it waits for, and has what the worker before it waits for.
 *
 *     SCENE | told | object: one of 3 each | steps: of one of 3 processors each | story: of one of 3 processors each |
 *           | stuck: of processor 0, two words for each slot | of processor 1 | ...
 *
 *     story    the object that the processor waits for, in its own words, which are written before the wait is
 */
import { fetch_and_increment, read, write } from "../../atomics";
import { Failure, fail, processor } from "../../machine";
import { BUSY, FRESH, SLEPT } from "../lock-word";
import * as mcsLock from "../mcs-lock";
import * as mutex from "../mutex";
import { Kind, kindOf } from "../objects";
import * as once from "../once";
import * as rwLock from "../rw-lock";
import { sleep, WAIT } from "../sleep";
import { enterAs, me } from "../space";
import * as ticketLock from "../ticket-lock";
import { beginWait, closesCycle, endWait, has, isSameCycle, keeperIn, waitsForOf } from "../wait-graph";
import { begin, prepareWorkers, prove_death, SCENE } from "./worker";

/** How many were told, or died. */
const told: usize = SCENE;
const objects: usize = SCENE + 4;
const steps: usize = SCENE + 16;
const stories: usize = SCENE + 28;
const stuck: usize = SCENE + 40;
const STUCK_BYTES: usize = 56;
const OBJECTS: u32 = 3;

/** Of a step: 3 bits of what, 2 of which object; packages/machines/src/proofs/protocols/wait-graph.ts writes them. */
const STEP_BITS: u32 = 5;
const WHAT: u32 = 7;
const END: u32 = 0;
const READ: u32 = 2;
/** Takes a ticket, and does not wait, as `lockAsync` does. */
const LINE_UP: u32 = 3;
const LET_GO: u32 = 4;
/** For themselves: what comes before sleep, and after it. */
const BEGIN_TO_WAIT: u32 = 5;
const END_THE_WAIT: u32 = 6;
/** Said first: who is told of a deadlock, lets all go and takes the steps once more. */
const TRY_AGAIN: u32 = 7;

/**
 * `kinds`: 4 bits for each object; then of each processor the steps that it has taken before, and those that it takes. The first
 * are the lowest.
 */
export function wait_graph_prove_init(
  kinds: u32,
  firstBefore: u32,
  first: u32,
  secondBefore: u32,
  second: u32,
  thirdBefore: u32,
  third: u32,
): void {
  prepareWorkers();
  for (let i: u32 = 0; i < OBJECTS; i++) write(objects + i * 4, <u32>make((kinds >> (i * 4)) & 15));
  prepare(0, firstBefore, first);
  prepare(1, secondBefore, second);
  prepare(2, thirdBefore, third);
}

function prepare(p: u32, before: u32, stepsOfIts: u32): void {
  enterAs(p + 1);
  take(before);
  write(steps + p * 4, stepsOfIts);
}

function make(kind: Kind): usize {
  switch (kind) {
    case Kind.RwLock:
      return rwLock.create(false);
    case Kind.TicketLock:
      return ticketLock.create(false, false);
    case Kind.McsLock:
      return mcsLock.create(false, false);
    case Kind.Once:
      return once.create();
    default:
      return mutex.create(false);
  }
}

function objectAt(i: u32): usize {
  return read(objects + i * 4);
}

export function wait_graph_prove_run(): void {
  begin();
  const program = read(steps + processor() * 4);
  const goesOn = !take(program) && (program & WHAT) == TRY_AGAIN;
  letAllGo();
  if (!goesOn) return;
  take(program);
  letAllGo();
}

function letAllGo(): void {
  for (let i: u32 = 0; i < OBJECTS; i++) letGo(objectAt(i));
}

function stuckOfMine(): usize {
  return stuck + processor() * STUCK_BYTES;
}

function storyOf(slot: u32): usize {
  return stories + (slot - 1) * 4;
}

/** Steps; false: up to one that would never end. */
function take(left: u32): bool {
  for (; left != END; left >>= STEP_BITS) {
    const what = left & WHAT;
    const object = objectAt((left >> 3) & 3);
    if (what == LET_GO) letGo(object);
    else if (what == LINE_UP) ticketLock.take(object);
    else if (what == BEGIN_TO_WAIT) beginWait(object);
    else if (what == END_THE_WAIT) endWait();
    else if (what != TRY_AGAIN && !lock(object, what == READ)) return false;
  }
  return true;
}

/** False: it would wait for itself. */
function lock(object: usize, reads: bool): bool {
  let result = attempt(object, FRESH, reads);
  if (result == WAIT) write(storyOf(me), <u32>object);
  while (result == WAIT) {
    beginWait(object);
    if (isTold()) {
      fetch_and_increment(told);
      endWait();
      write(storyOf(me), 0);
      if (attempt(object, SLEPT, reads) == WAIT) giveUp(object, reads);
      else if (read(told) == 1) fail(Failure.Lost);
      return false;
    }
    result = wait(object, reads);
  }
  endWait();
  write(storyOf(me), 0);
  return true;
}

/** Whether the wait closes a cycle, of which all can be said at one moment. */
function isTold(): bool {
  while (closesCycle(stuckOfMine())) {
    const whole = isWhole();
    if (!isSameCycle(stuckOfMine())) continue;
    if (!whole) fail(Failure.Torn);
    return true;
  }
  return false;
}

function isWhole(): bool {
  let slot = me;
  do {
    const object = read(storyOf(slot));
    const keeper = keeperIn(stuckOfMine(), slot);
    if (object == 0 || object != waitsForOf(slot) || !isHeld(object, keeper)) return false;
    slot = keeper;
  } while (slot != me);
  return true;
}

/** Whether the keeper has the object; it may keep others from a lock of these kinds before it has that. */
function isHeld(object: usize, keeper: u32): bool {
  const kind = kindOf(object);
  return kind == Kind.RwLock || kind == Kind.TicketLock || has(keeper, object);
}

/** The result of one attempt; WAIT, too, where a spinning lock is taken. */
function attempt(object: usize, as: u32, reads: bool): u32 {
  switch (kindOf(object)) {
    case Kind.RwLock:
      return reads ? rwLock.attemptShared(object, as) : rwLock.attempt(object, as);
    case Kind.TicketLock:
      return as == FRESH ? ticketLock.take(object) : ticketLock.look(object, 1);
    case Kind.McsLock:
      return mcsLock.tryAcquire(object) == BUSY ? WAIT : 0;
    case Kind.Once:
      return once.attempt(object, as);
    default:
      return mutex.attempt(object, as);
  }
}

/** Sleeps, then attempts; or spins until it has the object. */
function wait(object: usize, reads: bool): u32 {
  const kind = kindOf(object);
  if (kind == Kind.McsLock) return mcsLock.acquire(object);
  if (kind != Kind.TicketLock) sleep(-1);
  let result = attempt(object, SLEPT, reads);
  while (kind == Kind.TicketLock && result == WAIT) result = attempt(object, SLEPT, reads);
  return result;
}

function giveUp(object: usize, reads: bool): void {
  switch (kindOf(object)) {
    case Kind.Mutex:
      mutex.giveUp(object);
      break;
    case Kind.RwLock:
      if (reads) rwLock.giveUpShared(object);
      else rwLock.giveUp(object);
      break;
    case Kind.TicketLock:
      ticketLock.giveUp(object);
  }
}

/** Whatever of it the processor has. */
function letGo(object: usize): void {
  switch (kindOf(object)) {
    case Kind.RwLock:
      if (!rwLock.unlock(object)) rwLock.unlockShared(object);
      break;
    case Kind.TicketLock:
      ticketLock.giveUp(object);
      break;
    case Kind.McsLock:
      mcsLock.release(object);
      break;
    case Kind.Once:
      if (has(processor() + 1, object)) once.end(object, false);
      break;
    default:
      mutex.unlock(object, load<u32>(object));
  }
}

export function wait_graph_prove_death(dead: u32): void {
  fetch_and_increment(told);
  prove_death(dead);
}

/** Nobody has anything. */
export function wait_graph_prove_end(): void {
  for (let i: u32 = 0; i < OBJECTS; i++) {
    for (let slot: u32 = 1; slot <= 3; slot++) if (has(slot, objectAt(i))) fail(Failure.NotExclusive);
  }
}
