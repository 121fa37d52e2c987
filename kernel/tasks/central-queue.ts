/**
 * One ready queue for all processors. A policy decides which of its tasks a processor takes, and which of the idle
 * processors is rung for a task:
 *
 *     choose(p, now): usize       a task of the queue, never NIL while there is one
 *     isCold(T, p): bool          whether p would rather not take it
 *     chooseIdle(T): u32          an idle processor, NOBODY only if none is idle
 *
 * A processor that procrastinates takes the oldest task that is not cold for it, and is rung last for one that is: else a
 * task could wait for ever behind a cold one, or beside its own processor.
 *
 * Invariant: as in scheduler.ts, and more strongly: at the end of each section, as many processors as there are tasks in
 * the queue have been rung and will ask, or none is idle, or some procrastinate. Who takes a task while others remain
 * passes on: it rings a processor that is idle, because it may have been the one that was rung for another task.
 */
import { NIL, read } from "../atomics";
import { set } from "../library/guard";
import { append, enterQueue, enterQueueToRepair, firstOf, leaveQueue, lengthOf, remove } from "./queue";
import {
  becomeIdle,
  centralQueue,
  endIdleness,
  endProcrastination,
  isIdle,
  isProcrastinating,
  LATER,
  NOBODY,
  NONE,
  next as nextTask,
  processorAt,
  processorsOf,
  procrastinates,
  ring,
  ringAll,
  running,
  setPresent,
  since,
  taskAt,
  taskOf,
} from "./scheduler";

/** A processor takes part from now on. */
export function come(S: usize, p: u32): void {
  endProcrastination(S, p);
  setPresent(S, p, true);
}

/** The task becomes ready. Returns the processor that was rung for it, or NOBODY. */
export function ready<Policy>(policy: Policy, task: u32, now: u32): u32 {
  const S = changetype<usize>(policy);
  const Q = centralQueue(S);
  const T = taskAt(S, task);
  enterQueue(S, Q);
  set(T + since, now);
  append(Q, T);
  const p = takeIdle<Policy>(policy, T);
  leaveQueue(Q);
  if (p != NOBODY) ring(S, p);
  return p;
}

function takeIdle<Policy>(policy: Policy, T: usize): u32 {
  const S = changetype<usize>(policy);
  let p = policy.chooseIdle(T);
  if (p == NOBODY) return p;
  // Who would decline it is not rung while there is another one, who might never be.
  if (isProcrastinating(S) && policy.isCold(T, p)) p = idleAndWarm<Policy>(policy, T, p);
  endIdleness(S, p);
  return p;
}

/** An idle processor for which the task is not cold; `otherwise` if there is none. */
function idleAndWarm<Policy>(policy: Policy, T: usize, otherwise: u32): u32 {
  const S = changetype<usize>(policy);
  for (let p: u32 = 0, P = processorsOf(S); p < P; p++) {
    if (isIdle(S, p) && !policy.isCold(T, p)) return p;
  }
  return otherwise;
}

/** The oldest task that is not cold for the processor, or NIL. */
function warmTask<Policy>(policy: Policy, p: u32): usize {
  let T = firstOf(centralQueue(changetype<usize>(policy)));
  while (T != NIL && policy.isCold(T, p)) T = read(T + nextTask);
  return T;
}

/** The processor asks: a task, NONE or LATER. */
export function next<Policy>(policy: Policy, p: u32, now: u32): u32 {
  const S = changetype<usize>(policy);
  const Q = centralQueue(S);
  enterQueue(S, Q);
  let T: usize = firstOf(Q) == NIL ? 0 : policy.choose(p, now);
  if (T == NIL) {
    endProcrastination(S, p);
    becomeIdle(S, p);
    leaveQueue(Q);
    return NONE;
  }
  if (policy.isCold(T, p) && procrastinates(S, p, now)) {
    T = warmTask<Policy>(policy, p);
    if (T == NIL) {
      becomeIdle(S, p);
      leaveQueue(Q);
      return LATER;
    }
  }
  const task = taskOf(S, T);
  // First who has it: at each moment the queue has it, or a processor names it, for those who look without the guard.
  set(processorAt(S, p) + running, task + 1);
  remove(Q, T);
  endIdleness(S, p);
  endProcrastination(S, p);
  const rest = firstOf(Q);
  const other = rest == NIL ? NOBODY : takeIdle<Policy>(policy, rest);
  leaveQueue(Q);
  if (other != NOBODY) ring(S, other);
  return task;
}

/**
 * The processor takes no part any more: to be called by itself, or by who repairs. False: the latter is to try again
 * later. What it was executing is still named by `running`.
 */
export function leave(S: usize, p: u32): bool {
  const Q = centralQueue(S);
  if (!enterQueueToRepair(S, Q)) return false;
  setPresent(S, p, false);
  endIdleness(S, p);
  leaveQueue(Q);
  ringAll(S);
  return true;
}

/** How many tasks are ready. */
export function readyTasks(S: usize): u32 {
  return lengthOf(centralQueue(S));
}
