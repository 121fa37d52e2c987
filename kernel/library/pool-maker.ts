/**
 * What the maker of a pool does: pool.ts. It alone knows why a worker ended, and starts others.
 *
 * Invariant: an executor's number is free again once all that its dead worker had is told.
 */

import { compare_and_swap, fetch_and_store, read, write } from "../atomics";
import { processorAt, ringAll, running } from "../tasks/scheduler";
import * as jobs from "./jobs";
import { State } from "./jobs";
import {
  attention,
  backlog,
  CLOSED,
  DEAD,
  demand,
  ENDED,
  executorLine,
  executors,
  finish,
  growable,
  isPinnedTo,
  jobAt,
  jobCount,
  NO_JOB,
  OPEN,
  REQUEST,
  ringSlots,
  schedulerOf,
  slotLine,
  state,
  worker,
} from "./pool";
import { workers } from "./space";

/** What the maker is to look at, once. */
export function attend(P: usize): u32 {
  return read(P + attention) == 0 ? 0 : fetch_and_store(P + attention, 0);
}

/** For the maker: the first executor from e on whose worker is dead, and not settled; NO_JOB. */
export function deadFrom(P: usize, e: u32): u32 {
  for (const all = read(P + executors); e < all; e++) {
    if (read(executorLine(P, e) + worker) & DEAD) return e;
  }
  return NO_JOB;
}

/**
 * For the maker: the first job from t on that a dead executor had, or was about to have; NO_JOB. It is to be told by
 * `die`, with a result or without.
 */
export function lost(P: usize, e: u32, t: u32): u32 {
  const named = read(processorAt(schedulerOf(P), e) + running);
  for (const all = read(P + jobCount); t < all; t++) {
    const J = jobAt(P, t);
    const word = jobs.wordOf(J);
    const now = jobs.stateOf(word);
    if (now == State.Queued) {
      if (t + 1 != named && !isPinnedTo(J, e)) continue;
      if (jobs.advance(J, word, State.Running)) {
        jobs.setFlag(J, jobs.UNBEGUN);
        write(J + jobs.EXECUTOR, e);
        return t;
      }
      // Its owner has taken it back, or died.
      t--;
    } else if ((now == State.Running || now == State.Asked) && jobs.executorOf(J) == e) {
      if (now == State.Asked) jobs.setFlag(J, jobs.UNBEGUN);
      return t;
    }
  }
  return NO_JOB;
}

/** Whether the maker could start an executor more. */
export function setGrowable(P: usize, could: bool): void {
  write(P + growable, could ? 1 : 0);
}

/** For the maker: the first job from t on that is doomed, and executed; NO_JOB. */
export function doomedFrom(P: usize, t: u32): u32 {
  for (const all = read(P + jobCount); t < all; t++) {
    const J = jobAt(P, t);
    const now = jobs.stateOf(jobs.wordOf(J));
    if (jobs.has(J, jobs.DOOMED) && (now == State.Running || now == State.Asked)) return t;
  }
  return NO_JOB;
}

/** A job that was lost has this outcome. */
export function die(P: usize, t: u32, how: u32): void {
  finish(P, t, how, State.Died);
}

/** All jobs that a dead executor had are told: another worker may have its number. */
export function settle(P: usize, e: u32): void {
  const X = executorLine(P, e);
  write(processorAt(schedulerOf(P), e) + running, 0);
  write(X + worker, 0);
}

/** Whoever submits is to submit nothing new; what was, is executed. */
export function close(P: usize): void {
  compare_and_swap(P + state, OPEN, CLOSED);
  demand(P, REQUEST);
  ringAll(schedulerOf(P));
  ringSlots(P);
}

/** Nobody executes anything any more: all who wait for an outcome look. */
export function end(P: usize): void {
  write(P + state, ENDED);
  ringAll(schedulerOf(P));
  ringSlots(P);
}

/** Whether no job is anybody's, and nobody keeps one for later. */
export function isEmpty(P: usize): bool {
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) {
    if (read(slotLine(P, slot) + backlog) != 0) return false;
  }
  for (let t: u32 = 0, all = read(P + jobCount); t < all; t++) {
    if (jobs.stateOf(jobs.wordOf(jobAt(P, t))) != State.Free) return false;
  }
  return true;
}
