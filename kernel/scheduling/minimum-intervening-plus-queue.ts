/**
 * Minimum intervening plus queue: when a task becomes ready, it is put into the queue of a processor: that with the fewest
 * intervening tasks since it was executed there, those that wait and run there now included.
 *
 *     S | ... | parameter: at most so many intervening tasks count | ...
 *     of each processor | guard | first | last | length |         kernel/tasks/scheduler.ts, queue.ts
 *
 * Order: at each processor by the time at which its tasks became ready. Bases are ignored.
 * Affinity: to every processor that has executed it. After `parameter` intervening tasks a cache has nothing of it, so
 * that more do not matter, nor that it was never there: the task moves where that many fewer wait.
 * Starvation: none. Procrastination changes nothing: a task is taken by the processor that was chosen for it.
 * Shared: each queue and its guard, by its processor and by those who make its tasks ready; they look at the lengths of all
 * queues.
 *
 * Invariant: kernel/tasks/processor-queues.ts has it. A length that changes while others are looked at makes a choice
 * worse, not wrong.
 *
 * @source Squillante & Lazowska, IEEE TPDS 4(2), 1993: LMR, routing when a task becomes ready
 * @queues one for each processor
 * @starves never
 * @parameter intervening tasks that count at most: 2, 8, 32
 */

import { read } from "../atomics";
import { intervening } from "../tasks/affinity";
import * as queues from "../tasks/processor-queues";
import { lengthOf } from "../tasks/queue";
import { isPresent, keyOf, parameterOf, processorAt, processorsOf, queueOf, running } from "../tasks/scheduler";

export { queues };

function costOf(S: usize, T: usize, p: u32): u32 {
  const runs: u32 = read(processorAt(S, p) + running) == 0 ? 0 : 1;
  return min(intervening(S, keyOf(T), p), parameterOf(S)) + lengthOf(queueOf(S, p)) + runs;
}

@unmanaged
export class Policy {
  @inline place(task: u32, T: usize): u32 {
    const S = changetype<usize>(this);
    const P = processorsOf(S);
    let best = task % P;
    let least = u32.MAX_VALUE;
    for (let i: u32 = 0; i < P; i++) {
      const p = (task + i) % P;
      const cost = isPresent(S, p) ? costOf(S, T, p) : u32.MAX_VALUE;
      if (cost >= least) continue;
      best = p;
      least = cost;
    }
    return best;
  }
  @inline worthOfBase(): u32 {
    return 0;
  }
  @inline steals(): bool {
    return false;
  }
  @inline isCold(T: usize, p: u32): bool {
    return false;
  }
}
