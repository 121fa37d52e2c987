/**
 * Minimum intervening: an idle processor takes the task of whose cache contents it has most: that on which, at this processor,
 * the fewest other tasks have intervened since it was executed here.
 *
 *     S | ... | guard | first | last | length |         one queue: kernel/tasks/scheduler.ts, queue.ts
 *
 * Order: by intervening tasks; of as many, and of those that were never executed here, by the time at which they became ready.
 * Affinity: to every processor that has executed it. A task that becomes ready goes to the idle processor with the fewest
 * intervening tasks.
 * Starvation: possible. Tasks on which few have intervened are taken before one on which many have, and that grows.
 * Shared: the queue and its guard, by all processors, and a look at all tasks in it at each choice.
 *
 * Invariant: kernel/tasks/central-queue.ts has it.
 *
 * @source Squillante & Lazowska, IEEE TPDS 4(2), 1993: MI
 * @queues central
 * @starves possible
 */

import { ALL, fewestIntervening, idleWithFewest, isCold, REMEMBERED } from "../tasks/affinity";
import * as queues from "../tasks/central-queue";

export { queues };

@unmanaged
export class Policy {
  @inline choose(p: u32, now: u32): usize {
    return fewestIntervening(changetype<usize>(this), p, ALL);
  }
  @inline isCold(T: usize, p: u32): bool {
    return isCold(changetype<usize>(this), T, p, REMEMBERED);
  }
  @inline chooseIdle(T: usize): u32 {
    return idleWithFewest(changetype<usize>(this), T, ALL);
  }
}
