/**
 * Pool: jobs that any worker submits, and that executors, workers which one of them has started, execute. The scheduler of
 * kernel/tasks, under a policy of kernel/scheduling, says which executor takes which job.
 *
 *     P | identity | executors | jobs | keys | policy | state | maker: a slot | attention | wanted |
 *       | executors' lines | slots' lines | jobs' records: jobs.ts | S: the scheduler, with the identity of P |
 *     executor's line   | worker: its slot, LEAVING 1, DEAD 1 | mail | ... counts, the executor's own ... | a bit for each job |
 *     slot's line       | bell | armed | wants | backlog | completed | listing | ... | a bit for each job | drained: 64 jobs |
 *
 * Executor e is processor e of the scheduler, job t its task t.
 *
 * Outcome: whoever makes a job DONE or DIED sets its bit in its owner's line, then `completed`; if the line is armed, it
 * disarms it and rings the bell. The owner drains: it clears what it takes, and looks at each job's state. Before it sleeps, it
 * arms its line, and drains once more (Dekker). A bit of a job without an outcome says nothing, so that bits may be set twice.
 *
 * Mail is the same the other way round: a bit of job t tells an executor to look at it. It is PINNED to the executor, or to
 * stop, or its values have come.
 *
 * To take a job: 1. `next` names it as the processor's running task. 2. The record says which executor. 3. RUNNING.
 * 4. The scheduler's task is done: an executor may have several jobs. So each QUEUED job that is not PINNED is in a queue, or
 * named by a processor, or was not made ready yet; the one who makes it ready is its owner.
 *
 * What a death leaves, and who mends it:
 *     a submitter       its records: freed if nobody else has them, else disowned. It may have ended an executor's idleness
 *                       and not rung: all executors look again                                                  repair
 *     an executor       it leaves the scheduler; what it made DONE or DIED is told again; it is marked DEAD              repair
 *                       the jobs that it had: the maker, who knows the cause, makes them DIED                    lost, die
 *     the maker         ENDED: all who wait look, and find that nobody executes anything any more                repair
 *
 * Invariant: each job has one outcome. An owner that sleeps has no job with an outcome that its bits do not tell; or whoever
 * is to ring has not done so yet, or died and will be repaired.
 */

import { fetch_and_increment, fetch_and_store, read, write } from "../atomics";
import { bytesOf, initialize, ring } from "../tasks/scheduler";
import { canHold, hold } from "./holdings";
import * as jobs from "./jobs";
import { State } from "./jobs";
import { createObject, Kind } from "./objects";
import * as policies from "./policies";
import { PolicyNumber } from "./policies";
import { mustWake } from "./sleep";
import { CACHE_LINE, me, workers } from "./space";

export const executors: u32 = 4;
export const jobCount: u32 = 8;
export const keys: u32 = 12;
const policy: u32 = 16;
export const state: u32 = 20;
export const maker: u32 = 24;
/** What the maker is to look at. */
export const attention: u32 = 28;
/** Whether a slot's line says that it wants a record. */
export const wanted: u32 = 32;
/** Whether the maker is to be told of jobs for which no executor is idle. */
export const growable: u32 = 36;
const lines: u32 = CACHE_LINE;

// States of a pool.
export const OPEN: u32 = 0;
export const CLOSED: u32 = 1;
/** Its maker is gone. */
export const ENDED: u32 = 2;

// What the maker is to look at.
/** An executor died. */
export const DEATH: u32 = 1;
/** A job became ready while no executor was idle. */
export const GROWTH: u32 = 2;
/** An executor does not stop a job that is doomed, or the pool is closed. */
export const REQUEST: u32 = 4;

// An executor's line.
export const worker: u32 = 0;
export const mail: u32 = 4;
/** The words after it are the executor's own. */
export const COUNTS: u32 = 16;
export const DEAD: u32 = 1 << 31;
export const LEAVING: u32 = 1 << 30;

// A slot's line.
export const bell: u32 = 0;
export const armed: u32 = 4;
export const wants: u32 = 8;
export const backlog: u32 = 12;
export const completed: u32 = 16;
/** The identity of the pool, once the slot's worker has listed it. */
export const listing: u32 = 20;

/** Of both: a bit for each job. */
export const bits: u32 = CACHE_LINE;
/** Jobs that are drained at a time. */
export const DRAINED: u32 = 64;

/** Answers in the place of a job. */
export const NO_JOB: u32 = 0xffffffff;
export const HOLDS_TOO_MUCH: u32 = 0xfffffffe;

/** Answers of `cancel`. */
export const TAKEN_BACK: u32 = 0;
export const TOLD: u32 = 1;
export const OVER: u32 = 2;

export function bitBytes(jobs: u32): u32 {
  return (jobs / 8 + CACHE_LINE - 1) & ~(CACHE_LINE - 1);
}

function executorBytes(jobs: u32): u32 {
  return bits + bitBytes(jobs);
}

function slotBytes(jobs: u32): u32 {
  return bits + bitBytes(jobs) + DRAINED * 4;
}

function slotsAt(P: usize): usize {
  return P + lines + read(P + executors) * executorBytes(read(P + jobCount));
}

function jobsAt(P: usize): usize {
  return slotsAt(P) + (workers() + 1) * slotBytes(read(P + jobCount));
}

export function schedulerOf(P: usize): usize {
  return jobsAt(P) + read(P + jobCount) * jobs.JOB_BYTES;
}

export function policyOf(P: usize): PolicyNumber {
  return <PolicyNumber>read(P + policy);
}

/** The line of an executor, whose words from COUNTS on, to the end of a cache line, are its own. */
export function executorLine(P: usize, e: u32): usize {
  return P + lines + e * executorBytes(read(P + jobCount));
}

export function slotLine(P: usize, slot: u32): usize {
  return slotsAt(P) + slot * slotBytes(read(P + jobCount));
}

export function jobAt(P: usize, t: u32): usize {
  return jobsAt(P) + t * jobs.JOB_BYTES;
}

/**
 * A pool whose maker is the caller; 0 if there is no room. Jobs are a multiple of 32, keys at least 1; `parameter` is the
 * policy's.
 */
export function create(E: u32, all: u32, keysOfAll: u32, number: u32, parameter: u32): usize {
  const slots = (workers() + 1) * slotBytes(all);
  const scheduler = bytesOf(E, all, keysOfAll);
  const P = createObject(Kind.Pool, lines + E * executorBytes(all) + slots + all * jobs.JOB_BYTES + scheduler);
  if (P == 0) return 0;
  write(P + executors, E);
  write(P + jobCount, all);
  write(P + keys, keysOfAll);
  write(P + policy, number);
  write(P + maker, me);
  const S = schedulerOf(P);
  write(S, read(P));
  initialize(S, E, all, keysOfAll, parameter, 0);
  return P;
}

export function capacityOf(P: usize): u32 {
  return read(P + jobCount);
}

export function executorsOf(P: usize): u32 {
  return read(P + executors);
}

export function policyNumberOf(P: usize): u32 {
  return read(P + policy);
}

/** OPEN, CLOSED or ENDED. */
export function stateOf(P: usize): u32 {
  return read(P + state);
}

export function makerOf(P: usize): u32 {
  return read(P + maker);
}

/** Lists the pool, once for each worker, before it has a record or a number. False: the worker holds too much. */
export function join(P: usize): bool {
  const L = slotLine(P, me);
  if (read(L + listing) == read(P)) return true;
  if (!canHold()) return false;
  hold(P);
  write(L + listing, read(P));
  return true;
}

/** Whether executor e is one that takes jobs, and alive for all that one knows. */
export function isThere(P: usize, e: u32): bool {
  const its = read(executorLine(P, e) + worker);
  return its != 0 && !(its & (DEAD | LEAVING));
}

/** Jobs that are ready, and in a queue. */
export function queued(P: usize): u32 {
  return policies.readyTasks(policyOf(P), schedulerOf(P));
}

/** Tells an executor to look at a job. */
export function post(P: usize, e: u32, t: u32): void {
  const X = executorLine(P, e);
  setBit(X, t);
  write(X + mail, 1);
  ring(schedulerOf(P), e);
}

function setBit(line: usize, t: u32): void {
  atomic.or<u32>(line + bits + (t >> 5) * 4, 1 << (t & 31));
}

/** Tells an owner to look at a job. */
export function tell(P: usize, owner: u32, t: u32): void {
  const L = slotLine(P, owner);
  mustWake(L + bell);
  setBit(L, t);
  write(L + completed, 1);
  if (read(L + armed) != 0 && fetch_and_store(L + armed, 0) != 0) ringSlot(P, owner);
}

/** Rings the bell of a slot, for whatever reason. */
export function ringSlot(P: usize, slot: u32): void {
  const place = slotLine(P, slot) + bell;
  mustWake(place);
  fetch_and_increment(place);
  atomic.notify(place, -1);
}

export function ringSlots(P: usize): void {
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) ringSlot(P, slot);
}

export function ringWanting(P: usize): void {
  if (read(P + wanted) == 0) return;
  write(P + wanted, 0);
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) {
    const L = slotLine(P, slot);
    if (read(L + wants) != 0 && fetch_and_store(L + wants, 0) != 0) ringSlot(P, slot);
  }
}

export function finish(P: usize, t: u32, how: u32, as: State): void {
  const J = jobAt(P, t);
  write(J + jobs.HOW, how);
  while (true) {
    const word = jobs.wordOf(J);
    const owner = jobs.ownerOf(word);
    if (owner == 0) {
      jobs.free(J);
      ringWanting(P);
      return;
    }
    if (!jobs.advance(J, word, as)) continue;
    tell(P, owner, t);
    return;
  }
}

export function isPinnedTo(J: usize, e: u32): bool {
  return jobs.has(J, jobs.PINNED) && jobs.executorOf(J) == e;
}

/** Makes the maker look. */
export function demand(P: usize, what: u32): void {
  if ((read(P + attention) & what) == what) return;
  atomic.or<u32>(P + attention, what);
  ringSlot(P, read(P + maker));
}
