/**
 * Detection of deadlocks, proven. Each processor takes the steps of a program of its own: it locks objects one after the
 * other, for reading or writing, and lets all go in the end. Who is told that it would wait for itself tries once more, at
 * whatever time, and must not get the object, unless another was told, too, or died; then it ends. If nobody is told of a
 * deadlock, the checked machine finds it.
 *
 *     SCENE | told | object: one of 3 each | steps: of one of 3 processors each |
 *           | keepers: of processor 0, a word for each slot | of processor 1 | ...
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
import { enterAs } from "../space";
import * as ticketLock from "../ticket-lock";
import { beginWait, endWait, has } from "../wait-graph";
import { begin, prepareWorkers, prove_death, SCENE } from "./worker";

/** How many were told, or died. */
const told: usize = SCENE;
const objects: usize = SCENE + 4;
const steps: usize = SCENE + 16;
const keepers: usize = SCENE + 28;
const KEEPERS_BYTES: usize = 28;
const OBJECTS: u32 = 3;

/** Of a step: 3 bits of what, 2 of which object; src/proofs/protocols/wait-graph.ts writes them. */
const STEP_BITS: u32 = 5;
const END: u32 = 0;
const READ: u32 = 2;
/** Takes a ticket, and does not wait, as `lockAsync` does. */
const LINE_UP: u32 = 3;
const LET_GO: u32 = 4;
/** For themselves: what comes before sleep, and after it. */
const BEGIN_TO_WAIT: u32 = 5;
const END_THE_WAIT: u32 = 6;

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
  take(read(steps + processor() * 4));
  for (let i: u32 = 0; i < OBJECTS; i++) letGo(objectAt(i));
}

function keepersOfMine(): usize {
  return keepers + processor() * KEEPERS_BYTES;
}

/** Steps, up to one that would never end. */
function take(left: u32): void {
  for (; left != END; left >>= STEP_BITS) {
    const what = left & 7;
    const object = objectAt((left >> 3) & 3);
    if (what == LET_GO) letGo(object);
    else if (what == LINE_UP) ticketLock.take(object);
    else if (what == BEGIN_TO_WAIT) beginWait(object, keepersOfMine());
    else if (what == END_THE_WAIT) endWait();
    else if (!lock(object, what == READ)) return;
  }
}

/** False: it would wait for itself. */
function lock(object: usize, reads: bool): bool {
  let result = attempt(object, FRESH, reads);
  while (result == WAIT) {
    if (beginWait(object, keepersOfMine())) {
      fetch_and_increment(told);
      endWait();
      if (attempt(object, SLEPT, reads) == WAIT) giveUp(object, reads);
      else if (read(told) == 1) fail(Failure.Lost);
      return false;
    }
    result = wait(object, reads);
  }
  endWait();
  return true;
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
      mutex.giveUp();
      break;
    case Kind.RwLock:
      if (reads) rwLock.giveUpShared();
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
      mutex.unlock(object);
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
