/**
 * What submitters do with a pool: pool.ts. A job is its owner's from `begin` to `free`, but while it is QUEUED or RUNNING.
 *
 * Invariant: as in pool.ts. A job that is taken back was in a queue, and left it in a guarded section; or was PINNED, and
 * changed from QUEUED by one compare_and_swap. So it is not begun, and nobody else has it.
 */

import { fetch_and_store, NIL, read, write } from "../atomics";
import { pause } from "../machine";
import { enterQueue, leaveQueue, remove } from "../tasks/queue";
import { inQueue, NO_KEY, NOBODY, setBase, setKey, taskAt } from "../tasks/scheduler";
import * as jobs from "./jobs";
import { State } from "./jobs";
import * as policies from "./policies";
import {
  armed,
  backlog,
  bell,
  bitBytes,
  bits,
  completed,
  DRAINED,
  demand,
  ENDED,
  GROWTH,
  growable,
  HOLDS_TOO_MUCH,
  isThere,
  jobAt,
  jobCount,
  join,
  keys,
  NO_JOB,
  OVER,
  policyOf,
  post,
  REQUEST,
  ringWanting,
  schedulerOf,
  slotLine,
  state,
  TAKEN_BACK,
  TOLD,
  wanted,
  wants,
} from "./pool";
import { me } from "./space";

/** A record in FILLING, the one of `hint` if that is free: NO_JOB if none is. */
export function begin(P: usize, hint: u32): u32 {
  if (!join(P)) return HOLDS_TOO_MUCH;
  for (let i: u32 = 0, all = read(P + jobCount); i < all; i++) {
    const t = hint + i < all ? hint + i : hint + i - all;
    if (jobs.begin(jobAt(P, t), me)) return t;
  }
  return NO_JOB;
}

/** The caller's bell rings when a record becomes free. To be followed by another `begin`. */
export function want(P: usize): void {
  write(slotLine(P, me) + wants, 1);
  write(P + wanted, 1);
}

/** Where so many bytes of arguments are to be written; 0: there is no room in the space. */
export function roomForArguments(P: usize, t: u32, bytes: u32): usize {
  return jobs.roomForArguments(jobAt(P, t), bytes);
}

/**
 * A job that the caller has filled becomes ready. `key` is any number, 0 for none.
 *
 * @param base its priority, as the scheduler takes it
 * @returns false if nobody executes anything any more: it is still the caller's, in FILLING
 */
export function submit(P: usize, t: u32, key: u32, base: u32, now: u32): bool {
  const J = jobAt(P, t);
  const S = schedulerOf(P);
  if (read(P + state) == ENDED) return false;
  setKey(S, t, key == 0 ? NO_KEY : (key - 1) % read(P + keys));
  setBase(S, t, base);
  write(J + jobs.FLAGS, 0);
  write(J + jobs.SUBMITTED, now);
  jobs.enqueue(J);
  if (policies.ready(policyOf(P), S, t, now) == NOBODY && read(P + growable) != 0) demand(P, GROWTH);
  return true;
}

/** As `submit`, to one executor. False also if it is not there. */
export function submitTo(P: usize, t: u32, e: u32, now: u32): bool {
  const J = jobAt(P, t);
  if (read(P + state) == ENDED || !isThere(P, e)) return false;
  write(J + jobs.FLAGS, jobs.PINNED);
  write(J + jobs.EXECUTOR, e);
  write(J + jobs.SUBMITTED, now);
  write(J + jobs.BEGUN, now);
  jobs.enqueue(J);
  post(P, e, t);
  // It may have left meanwhile, and seen its mail for the last time.
  if (isThere(P, e)) return true;
  const word = jobs.wordOf(J);
  return jobs.stateOf(word) != State.Queued || !jobs.advance(J, word, State.Filling);
}

/** Takes jobs off the caller's line, at most DRAINED: their numbers are at `drained`. There may be more if there are as many. */
export function drain(P: usize): u32 {
  const L = slotLine(P, me);
  if (read(L + completed) == 0) return 0;
  const list = drained(P);
  let count: u32 = 0;
  write(L + completed, 0);
  for (let t: u32 = 0, all = read(P + jobCount); t < all; t += 32) {
    const place = L + bits + (t >> 5) * 4;
    if (read(place) == 0) continue;
    if (count + 32 > DRAINED) {
      write(L + completed, 1);
      break;
    }
    for (let set = fetch_and_store(place, 0); set != 0; set &= set - 1) store<u32>(list + 4 * count++, t + ctz(set));
  }
  return count;
}

export function drained(P: usize): usize {
  const all = read(P + jobCount);
  return slotLine(P, me) + bits + bitBytes(all);
}

/** Where the caller sleeps. */
export function bellOfSlot(P: usize): usize {
  return slotLine(P, me) + bell;
}

/** The caller is about to sleep while its bell has the number that this returns: to be followed by another `drain`. */
export function arm(P: usize): u32 {
  const L = slotLine(P, me);
  const number = read(L + bell);
  write(L + armed, 1);
  return number;
}

/** Looks so often whether there is something to drain. */
export function watch(P: usize, looks: u32): bool {
  const L = slotLine(P, me);
  for (; looks > 0; looks--) {
    if (read(L + completed) != 0) return true;
    pause();
  }
  return read(L + completed) != 0;
}

/** Jobs that the caller keeps because there was no record for them. */
export function setBacklog(P: usize, count: u32): void {
  write(slotLine(P, me) + backlog, count);
}

/** Its owner wants no outcome of a job any more. TAKEN_BACK: it is in FILLING again, and was never begun. */
export function cancel(P: usize, t: u32): u32 {
  const J = jobAt(P, t);
  const word = jobs.wordOf(J);
  if (jobs.stateOf(word) == State.Queued && takeBack(P, t, State.Filling)) return TAKEN_BACK;
  if (jobs.stateOf(jobs.wordOf(J)) >= State.Done) return OVER;
  jobs.setFlag(J, jobs.STOP);
  // Who takes it now writes its number before it looks at the flag.
  post(P, jobs.executorOf(J), t);
  return TOLD;
}

/** A job of its own that is QUEUED and that no executor has taken becomes the caller's in the state. */
export function takeBack(P: usize, t: u32, as: State): bool {
  const J = jobAt(P, t);
  if (jobs.has(J, jobs.PINNED)) {
    const word = jobs.wordOf(J);
    return jobs.stateOf(word) == State.Queued && jobs.advance(J, word, as);
  }
  const S = schedulerOf(P);
  const T = taskAt(S, t);
  const Q: usize = read(T + inQueue);
  if (Q == NIL) return false;
  enterQueue(S, Q);
  const isThere = read(T + inQueue) == <u32>Q;
  if (isThere) remove(Q, T);
  leaveQueue(Q);
  return isThere && jobs.advance(J, jobs.wordOf(J), as);
}

/** One that DIED, or was not taken, is to be submitted again, with the same arguments. */
export function reuse(P: usize, t: u32): void {
  const J = jobAt(P, t);
  jobs.releaseResult(J);
  jobs.advance(J, jobs.wordOf(J), State.Filling);
}

/** Its owner has the outcome, or does not submit it. */
export function free(P: usize, t: u32): void {
  jobs.free(jobAt(P, t));
  ringWanting(P);
}

/** The owner of a job that was told to stop has waited long enough: the maker is to end its executor. */
export function doom(P: usize, t: u32): void {
  jobs.setFlag(jobAt(P, t), jobs.DOOMED);
  demand(P, REQUEST);
}
