/**
 * What a pool's dead leave, and what is done when it is freed: pool.ts. Each step may be done twice.
 *
 * Invariant: of a record whose owner is dead, nobody but its executor, or the maker in its place, is to change anything more;
 * without one it is FREE.
 */

import { NIL, read, write } from "../atomics";
import { inQueue, processorAt, ringAll, running, taskAt } from "../tasks/scheduler";
import * as jobs from "./jobs";
import { State } from "./jobs";
import {
  armed,
  backlog,
  DEAD,
  DEATH,
  demand,
  ENDED,
  executorLine,
  executors,
  jobAt,
  jobCount,
  LEAVING,
  listing,
  maker,
  ringSlots,
  schedulerOf,
  slotLine,
  state,
  tell,
  wants,
  worker,
} from "./pool";
import { rest } from "./pool-executor";

/** Of one that is freed: whoever sleeps in it looks. */
export function bury(P: usize): void {
  ringAll(schedulerOf(P));
  ringSlots(P);
  for (let t: u32 = 0, all = read(P + jobCount); t < all; t++) jobs.releaseBlocks(jobAt(P, t));
}

/** False, of the guardian only: it is to be done again in a moment. */
export function repair(P: usize, dead: u32): bool {
  for (let e: u32 = 0, all = read(P + executors); e < all; e++) {
    const its = read(executorLine(P, e) + worker);
    if ((its & ~LEAVING) == dead && !mark(P, e, dead)) return false;
    // It was marked, and the maker perhaps not told: a repair that was cut off.
    if (its == (dead | DEAD)) demand(P, DEATH);
  }
  for (let t: u32 = 0, all = read(P + jobCount); t < all; t++) disown(P, t, dead);
  const L = slotLine(P, dead);
  write(L + wants, 0);
  write(L + backlog, 0);
  write(L + armed, 0);
  write(L + listing, 0);
  if (read(P + maker) == dead) write(P + state, ENDED);
  // It may have been about to ring any of them.
  ringAll(schedulerOf(P));
  ringSlots(P);
  return true;
}

/** The worker of executor e is dead. */
function mark(P: usize, e: u32, dead: u32): bool {
  if (!rest(P, e)) return false;
  for (let t: u32 = 0, all = read(P + jobCount); t < all; t++) {
    const J = jobAt(P, t);
    const word = jobs.wordOf(J);
    if (jobs.stateOf(word) >= State.Done && jobs.executorOf(J) == e && jobs.ownerOf(word) != 0)
      tell(P, jobs.ownerOf(word), t);
  }
  write(executorLine(P, e) + worker, dead | DEAD);
  demand(P, DEATH);
  return true;
}

/** A record that may be a dead worker's is nobody's, or freed. */
function disown(P: usize, t: u32, dead: u32): void {
  const J = jobAt(P, t);
  while (true) {
    const word = jobs.wordOf(J);
    if (jobs.ownerOf(word) != dead) return;
    switch (jobs.stateOf(word)) {
      case State.Queued:
        if (!isWithScheduler(P, t)) {
          // Nobody has it, also if it is PINNED, unless somebody takes it just now.
          if (!jobs.advance(J, word, State.Filling)) break;
          jobs.free(J);
          return;
        }
        if (jobs.disown(J, word)) return;
        break;
      case State.Running:
      case State.Asked:
        if (jobs.disown(J, word)) return;
        break;
      default:
        jobs.free(J);
        return;
    }
  }
}

/** Whether a task is in a queue, or a processor has just taken it; else its owner did not live to make it ready. */
function isWithScheduler(P: usize, t: u32): bool {
  const S = schedulerOf(P);
  if (read(taskAt(S, t) + inQueue) != NIL) return true;
  for (let e: u32 = 0, all = read(P + executors); e < all; e++) {
    if (read(processorAt(S, e) + running) == t + 1) return true;
  }
  // A section that took it may have been rolled back meanwhile.
  return read(taskAt(S, t) + inQueue) != NIL;
}
