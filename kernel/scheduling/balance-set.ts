/**
 * Balance set: an idle processor takes a task that fits into the cache that processors share, beside those that run: a frugal
 * task beside hungry ones.
 *
 *     S | ... | parameter: lines that fit | bound | ...       one queue: kernel/tasks/scheduler.ts, queue.ts
 *     T | ... | demand |                                      lines that it asks for: what `profile` said
 *
 * Of the tasks whose demand, with that of all that run, is at most what fits, the processor takes the one that became ready
 * first; if there is none, the most frugal task. A task without a profile demands nothing.
 *
 * Order: as said. Hungry tasks come less often than frugal ones: that is what the others gain from.
 * Affinity: none.
 * Starvation: with a bound, none: the task that became ready first is taken once it has waited so long. Without one,
 * of a task that never fits.
 * Shared: the queue and its guard, by all processors, and a look at all tasks in it at each choice.
 *
 * Invariant: kernel/tasks/central-queue.ts has it. The sum of demands is of the moment: `running` changes meanwhile only where
 * processors are done.
 *
 * @source Fedorova, Seltzer, Small & Nussbaum, USENIX 2005: balance-set scheduling; demands are measured, each task alone
 * @queues central
 * @starves without a bound
 * @parameter lines that fit: 1536
 */
import { NIL, read } from "../atomics";
import * as queues from "../tasks/central-queue";
import { firstOf } from "../tasks/queue";
import {
  boundOf,
  centralQueue,
  demandOf,
  firstIdle,
  next,
  parameterOf,
  processorAt,
  processorsOf,
  running,
  since,
  taskAt,
  taskOf,
} from "../tasks/scheduler";

export { queues };

@unmanaged
export class Policy {
  @inline choose(p: u32, now: u32): usize {
    return chooseFitting(changetype<usize>(this), now);
  }
  @inline isCold(T: usize, p: u32): bool {
    return false;
  }
  @inline chooseIdle(T: usize): u32 {
    const S = changetype<usize>(this);
    return firstIdle(S, taskOf(S, T) % processorsOf(S));
  }
}

/** The task that has waited too long; else the oldest that fits beside those that run; else the most frugal. */
function chooseFitting(S: usize, now: u32): usize {
  const first = firstOf(centralQueue(S));
  const capacity = parameterOf(S);
  const limit = boundOf(S);
  if (limit != 0 && now - read(first + since) >= limit) return first;
  let ofRunning: u32 = 0;
  for (let p: u32 = 0, P = processorsOf(S); p < P; p++) {
    const task = read(processorAt(S, p) + running);
    if (task != 0) ofRunning += demandOf(taskAt(S, task - 1));
  }
  let frugal = first;
  for (let T = first; T != NIL; T = read(T + next)) {
    if (ofRunning + demandOf(T) <= capacity) return T;
    if (demandOf(T) < demandOf(frugal)) frugal = T;
  }
  return frugal;
}
