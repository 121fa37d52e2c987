/**
 * A ready queue for each processor, with a guard each. A policy says where a task waits, and who may take it:
 *
 *     place(task, T): u32         the processor in whose queue the task waits; one that is present, if any is
 *     worthOfBase(): u32          units of time that 1 of a task's base is worth; 0: tasks wait in the order of coming
 *     steals(): bool              whether a processor takes from the queues of others when its own is empty
 *     isCold(T, p): bool          whether p would rather not take what is in another's queue
 *
 * Where a base is worth w, a queue is ordered by `since` - base x w; of equals, the first that came is first. Age and
 * priority are one number, and the order of two tasks never changes as time passes: a task whose base is b higher is before
 * those that became ready less than b x w sooner. So none waits for ever, while bases differ by finitely much. A search
 * begins at the last task, so that one of the same base costs what it would without. Times wrap: the numbers of tasks
 * that are in a queue at once differ by less than 2^31, which bounds difference of bases x w + time of waiting.
 *
 * Who steals takes the first task, from the nearest queue that has one: processors whose numbers differ in low bits
 * only are near each other. What waits in the queue of a processor that has left is taken by anybody who asks, first.
 *
 * Invariant: as in scheduler.ts. A processor that finds nothing sets its idle bit and then looks once more; who makes a
 * task ready appends it and then looks at the bits (Dekker). So one of the two sees the other. A queue is appended to
 * in sections in which its processor is present; a processor leaves in such a section, and what is there then is seen by
 * all that are rung after it.
 */
import { NIL, read } from "../atomics";
import { set } from "../library/guard";
import {
  append,
  enterQueue,
  enterQueueToRepair,
  firstOf,
  insertBefore,
  lastOf,
  leaveQueue,
  lengthOf,
  remove,
} from "./queue";
import {
  base,
  becomeIdle,
  endIdleness,
  endProcrastination,
  firstAbsent,
  firstPresent,
  isAnyIdle,
  isIdle,
  isPresent,
  LATER,
  NOBODY,
  NONE,
  previous,
  processorAt,
  processorsOf,
  procrastinates,
  queueOf,
  ring,
  ringAll,
  running,
  setPresent,
  since,
  taskAt,
  taskOf,
} from "./scheduler";

/** In whose queue the task was that `next` has answered last. */
export let takenFrom: u32 = NOBODY;

/** A processor takes part from now on. */
export function come(S: usize, p: u32): void {
  endProcrastination(S, p);
  setPresent(S, p, true);
}

/** The task becomes ready. Returns the processor that was rung for it, or NOBODY. */
export function ready<Policy>(policy: Policy, task: u32, now: u32): u32 {
  const S = changetype<usize>(policy);
  const p = appendAtPlace<Policy>(policy, task, now);
  if (endIdleness(S, p)) {
    ring(S, p);
    return p;
  }
  // Of a processor that is not there, everybody takes.
  return policy.steals() || !isPresent(S, p) ? ringNearest(S, p) : NOBODY;
}

/** In whose queue it is then. */
function appendAtPlace<Policy>(policy: Policy, task: u32, now: u32): u32 {
  const S = changetype<usize>(policy);
  const T = taskAt(S, task);
  while (true) {
    const p = policy.place(task, T);
    const Q = queueOf(S, p);
    enterQueue(S, Q);
    // Nobody may be present, as long as nobody has come.
    const isPlace = isPresent(S, p) || firstPresent(S, p) == NOBODY;
    if (isPlace) {
      set(T + since, now);
      const after = follower(Q, T, policy.worthOfBase());
      if (after == NIL) append(Q, T);
      else insertBefore(Q, T, after);
    }
    leaveQueue(Q);
    if (isPlace) return p;
  }
}

/** The task of the queue before which one comes whose base is worth so much; NIL if it comes behind all. */
function follower(Q: usize, T: usize, worth: u32): usize {
  let after: usize = NIL;
  if (worth == 0) return after;
  const mine = rankOf(T, worth);
  for (let U = lastOf(Q); U != NIL && <i32>(mine - rankOf(U, worth)) < 0; U = read(U + previous)) after = U;
  return after;
}

/** The less, the sooner it is taken; compared by difference. */
function rankOf(T: usize, worth: u32): u32 {
  return read(T + since) - read(T + base) * worth;
}

/** Rings the idle processor that is nearest to p, if there is one. */
function ringNearest(S: usize, p: u32): u32 {
  while (isAnyIdle(S)) {
    const other = nearestIdle(S, p);
    if (other == NOBODY) break;
    if (endIdleness(S, other)) {
      ring(S, other);
      return other;
    }
  }
  return NOBODY;
}

function nearestIdle(S: usize, p: u32): u32 {
  for (let distance: u32 = 1, all = powerFrom(processorsOf(S)); distance < all; distance++) {
    const other = p ^ distance;
    if (other < processorsOf(S) && isIdle(S, other)) return other;
  }
  return NOBODY;
}

/** The least power of two that is not less. */
function powerFrom(P: u32): u32 {
  return P <= 1 ? 1 : 1 << (32 - clz<u32>(P - 1));
}

/** The processor asks: a task, NONE or LATER. */
export function next<Policy>(policy: Policy, p: u32, now: u32): u32 {
  const S = changetype<usize>(policy);
  let task = look<Policy>(policy, p, now);
  if (task >= LATER) {
    becomeIdle(S, p);
    task = look<Policy>(policy, p, now);
  }
  if (task == NONE) endProcrastination(S, p);
  if (task >= LATER) return task;
  endIdleness(S, p);
  endProcrastination(S, p);
  if (policy.steals()) passOn(S, p);
  return task;
}

/** Its own queue first, unless somebody has left one behind. */
function look<Policy>(policy: Policy, p: u32, now: u32): u32 {
  const S = changetype<usize>(policy);
  for (let absent = firstAbsent(S, 0); absent != NOBODY; absent = firstAbsent(S, absent + 1)) {
    const task = takeFirst<Policy>(policy, absent, p, now, true);
    if (task != NONE) return task;
  }
  const own = takeFirst<Policy>(policy, p, p, now, true);
  if (own != NONE || !policy.steals()) return own;
  let isLater = false;
  for (let distance: u32 = 1, all = powerFrom(processorsOf(S)); distance < all; distance++) {
    const other = p ^ distance;
    if (other >= processorsOf(S)) continue;
    const task = takeFirst<Policy>(policy, other, p, now, false);
    if (task < LATER) return task;
    if (task == LATER) isLater = true;
  }
  return isLater ? LATER : NONE;
}

/** The first task in the queue of `owner`; NONE, or LATER if p would rather not take it, and need not. */
function takeFirst<Policy>(policy: Policy, owner: u32, p: u32, now: u32, isOwn: bool): u32 {
  const S = changetype<usize>(policy);
  const Q = queueOf(S, owner);
  if (lengthOf(Q) == 0) return NONE;
  enterQueue(S, Q);
  const T = firstOf(Q);
  let task = NONE;
  if (T != NIL && !isOwn && policy.isCold(T, p) && procrastinates(S, p, now)) task = LATER;
  else if (T != NIL) {
    task = taskOf(S, T);
    // First who has it: at each moment a queue has it, or a processor names it, for those who look without the guard.
    set(processorAt(S, p) + running, task + 1);
    remove(Q, T);
    takenFrom = owner;
  }
  leaveQueue(Q);
  return task;
}

/** A processor that was rung for another task may take what it finds first: what is left is another's to see. */
function passOn(S: usize, p: u32): void {
  if (!isAnyIdle(S)) return;
  for (let q: u32 = 0, P = processorsOf(S); q < P; q++) {
    if (lengthOf(queueOf(S, q)) != 0) {
      ringNearest(S, p);
      return;
    }
  }
}

/**
 * The processor takes no part any more: to be called by itself, or by who repairs. False: the latter is to try again
 * later. What it was executing is still named by `running`.
 */
export function leave(S: usize, p: u32): bool {
  const Q = queueOf(S, p);
  if (!enterQueueToRepair(S, Q)) return false;
  setPresent(S, p, false);
  leaveQueue(Q);
  endIdleness(S, p);
  ringAll(S);
  return true;
}

/** How many tasks are ready. */
export function readyTasks(S: usize): u32 {
  let sum: u32 = 0;
  for (let p: u32 = 0, P = processorsOf(S); p < P; p++) sum += lengthOf(queueOf(S, p));
  return sum;
}
