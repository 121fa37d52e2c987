/**
 * What executors do with a pool: pool.ts.
 *
 * Invariant: as in pool.ts. A job that an executor has RUNNING names the executor; until it says so, the scheduler's
 * processor names the job.
 */

import { compare_and_swap, read, write } from "../atomics";
import { pause } from "../machine";
import * as affinity from "../tasks/affinity";
import { isRemembered, REMEMBERED } from "../tasks/affinity";
import { takenFrom } from "../tasks/processor-queues";
import { bellOf, hasKey, keyOf, LATER, setBound, taskAt, untilBound, withdraw } from "../tasks/scheduler";
import * as jobs from "./jobs";
import { State } from "./jobs";
import * as policies from "./policies";
import {
  bits,
  executorLine,
  finish,
  isPinnedTo,
  jobAt,
  jobCount,
  join,
  keys,
  LEAVING,
  mail,
  NO_JOB,
  policyOf,
  ringWanting,
  schedulerOf,
  tell,
  worker,
} from "./pool";
import { takeBack } from "./pool-submitter";
import { me } from "./space";

/** The same of the result, by its executor; of one that DIED, by the maker. */
export function roomForResult(P: usize, t: u32, bytes: u32): usize {
  return jobs.roomForResult(jobAt(P, t), bytes);
}

/** The caller becomes executor e; false if another one is, or was and is not settled. */
export function come(P: usize, e: u32): bool {
  if (!join(P) || !compare_and_swap(executorLine(P, e) + worker, 0, me)) return false;
  const S = schedulerOf(P);
  affinity.forget(S, e);
  policies.come(policyOf(P), S, e);
  return true;
}

/** A job to execute, in RUNNING; or NONE or LATER, as the scheduler says them. */
export function take(P: usize, e: u32, now: u32): u32 {
  const S = schedulerOf(P);
  while (true) {
    const t = policies.next(policyOf(P), S, e, now);
    if (t >= LATER) return t;
    const J = jobAt(P, t);
    const flags = flagsOf(P, t, e);
    write(J + jobs.EXECUTOR, e);
    write(J + jobs.BEGUN, now);
    move(J, State.Running);
    affinity.done(S, e);
    if (isOrphan(P, t)) continue;
    if (flags != 0) jobs.setFlag(J, flags);
    return t;
  }
}

/** What the scheduler knows of a task that executor e has just taken. */
function flagsOf(P: usize, t: u32, e: u32): u32 {
  const S = schedulerOf(P);
  const stolen: u32 = policies.hasCentralQueue(policyOf(P)) || takenFrom == e ? 0 : jobs.STOLEN;
  if (!hasKey(S, t)) return stolen;
  return stolen | (isRemembered(keyOf(taskAt(S, t)), e, REMEMBERED) ? jobs.WARM : jobs.COLD);
}

/** Whether the owner of a job that the caller has is dead: then it is free, once no processor names it any more. */
function isOrphan(P: usize, t: u32): bool {
  const J = jobAt(P, t);
  if (jobs.ownerOf(jobs.wordOf(J)) != 0) return false;
  jobs.free(J);
  ringWanting(P);
  return true;
}

/** A job that the executor is to look at; NO_JOB. */
export function mailOf(P: usize, e: u32): u32 {
  const X = executorLine(P, e);
  if (read(X + mail) == 0) return NO_JOB;
  write(X + mail, 0);
  for (let t: u32 = 0, all = read(P + jobCount); t < all; t += 32) {
    const place = X + bits + (t >> 5) * 4;
    const set = read(place);
    if (set == 0) continue;
    atomic.and<u32>(place, ~(1 << ctz(set)));
    write(X + mail, 1);
    return t + ctz(set);
  }
  return NO_JOB;
}

/** A job that came by mail is PINNED to executor e, QUEUED, and in RUNNING from now on. */
export function accept(P: usize, e: u32, t: u32, now: u32): bool {
  const J = jobAt(P, t);
  const word = jobs.wordOf(J);
  if (jobs.stateOf(word) != State.Queued || !isPinnedTo(J, e) || !jobs.advance(J, word, State.Running)) return false;
  write(J + jobs.BEGUN, now);
  withdraw(schedulerOf(P), e);
  return true;
}

/** A job that executor e has submitted, and that nobody has taken, is its own to execute. */
export function claim(P: usize, e: u32, t: u32, now: u32): bool {
  const J = jobAt(P, t);
  if (jobs.has(J, jobs.PINNED) || !takeBack(P, t, State.Filling)) return false;
  write(J + jobs.EXECUTOR, e);
  write(J + jobs.BEGUN, now);
  jobs.advance(J, jobs.wordOf(J), State.Running);
  return true;
}

/** A RUNNING job waits for values that its owner has for it. */
export function ask(P: usize, t: u32): void {
  const J = jobAt(P, t);
  move(J, State.Asked);
  const owner = jobs.ownerOf(jobs.wordOf(J));
  if (owner != 0) tell(P, owner, t);
}

/** It has them. */
export function answered(P: usize, t: u32): void {
  move(jobAt(P, t), State.Running);
}

/** Whoever has a job makes it something else; its owner may die meanwhile. */
function move(J: usize, as: State): void {
  while (!jobs.advance(J, jobs.wordOf(J), as)) {}
}

/** The result is written. */
export function complete(P: usize, t: u32, how: u32): void {
  finish(P, t, how, State.Done);
}

/** The executor has the key's state warm. */
export function warm(P: usize, e: u32, key: u32): void {
  affinity.warm(schedulerOf(P), e, (key - 1) % read(P + keys));
}

/** The bell of an executor: it sleeps there while that has the number that it read before it asked. */
export function bellOfExecutor(P: usize, e: u32): usize {
  return bellOf(schedulerOf(P), e);
}

/** Looks so often whether an executor's bell has another number. */
export function watchBell(P: usize, e: u32, number: u32, looks: u32): bool {
  const place = bellOfExecutor(P, e);
  for (; looks > 0; looks--) {
    if (read(place) != number) return true;
    pause();
  }
  return read(place) != number;
}

/** How long an executor that was told LATER waits at most. */
export function wait(P: usize, e: u32, now: u32): u32 {
  return untilBound(schedulerOf(P), e, now);
}

/** How long an idle executor leaves a job to one where it is warm. */
export function procrastinate(P: usize, bound: u32): void {
  setBound(schedulerOf(P), bound);
}

/** The executor takes no jobs any more; it still has its number, and its mail. False, of the guardian only. */
export function rest(P: usize, e: u32): bool {
  return policies.leave(policyOf(P), schedulerOf(P), e);
}

/** An executor that rests, and has no job, is none any more. What was mailed to it, and it has not accepted, DIED. */
export function leave(P: usize, e: u32): void {
  // Nobody pins a job to it from now on; if it dies in this, it is marked as any other.
  write(executorLine(P, e) + worker, me | LEAVING);
  for (let t: u32 = 0, all = read(P + jobCount); t < all; t++) {
    const J = jobAt(P, t);
    const word = jobs.wordOf(J);
    if (jobs.stateOf(word) != State.Queued || !isPinnedTo(J, e)) continue;
    if (jobs.advance(J, word, State.Running)) dismiss(P, t);
  }
  write(executorLine(P, e) + worker, 0);
}

/** A job that nobody has begun, and that is the caller's in RUNNING, DIED. */
function dismiss(P: usize, t: u32): void {
  const J = jobAt(P, t);
  jobs.setFlag(J, jobs.UNBEGUN);
  write(J + jobs.RESULT_BYTES, 0);
  finish(P, t, 0, State.Died);
}
