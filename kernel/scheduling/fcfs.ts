/**
 * First come, first served: an idle processor takes the task that has waited longest, wherever that was executed before.
 *
 *     S | ... | guard | first | last | length |         one queue: kernel/tasks/scheduler.ts, queue.ts
 *
 * Order: by the time at which tasks became ready.
 * Affinity: none, but by procrastination: a processor declines a task that it is not among the last 8 to have executed.
 * Starvation: none. A task is taken after those that were ready before it. Where processors decline, it is overtaken by
 * what is warm for them; one of its last 8 processors takes it after what is older, and another one when its bound is over.
 * Shared: the queue and its guard, by all processors.
 *
 * Invariant: kernel/tasks/central-queue.ts has it.
 *
 * @source Squillante & Lazowska, IEEE TPDS 4(2), 1993: FCFS
 * @queues central
 * @starves never
 */

import { anyIdle, isCold, REMEMBERED } from "../tasks/affinity";
import * as queues from "../tasks/central-queue";
import { firstOf } from "../tasks/queue";
import { centralQueue } from "../tasks/scheduler";

export { queues };

@unmanaged
export class Policy {
  @inline choose(p: u32, now: u32): usize {
    return firstOf(centralQueue(changetype<usize>(this)));
  }
  @inline isCold(T: usize, p: u32): bool {
    return isCold(changetype<usize>(this), T, p, REMEMBERED);
  }
  @inline chooseIdle(T: usize): u32 {
    return anyIdle(changetype<usize>(this), T);
  }
}
