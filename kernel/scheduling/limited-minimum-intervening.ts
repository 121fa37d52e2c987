/**
 * Limited minimum intervening: minimum intervening, but a task remembers no more than the last A processors that have executed
 * it.
 *
 *     S | ... | parameter: A, 1 to 8 | ... | guard | first | last | length |         kernel/tasks/scheduler.ts, queue.ts
 *
 * Order: tasks that remember this processor, by intervening tasks; then the others, by the time at which they became
 * ready.
 * Affinity: to the last A processors. With A = 1 that is last processor, but for the order among its own tasks.
 * Starvation: possible, as of minimum intervening.
 * Shared: the queue and its guard, by all processors, and a look at all tasks in it at each choice.
 *
 * Invariant: kernel/tasks/central-queue.ts has it.
 *
 * @source Squillante & Lazowska, IEEE TPDS 4(2), 1993: LMI(A)
 * @queues central
 * @starves possible
 * @parameter processors remembered: 2, 4, 8
 */

import { fewestIntervening, idleWithFewest, isCold } from "../tasks/affinity";
import * as queues from "../tasks/central-queue";
import { parameterOf } from "../tasks/scheduler";

export { queues };

@unmanaged
export class Policy {
  @inline choose(p: u32, now: u32): usize {
    return fewestIntervening(changetype<usize>(this), p, parameterOf(changetype<usize>(this)));
  }
  @inline isCold(T: usize, p: u32): bool {
    return isCold(changetype<usize>(this), T, p, parameterOf(changetype<usize>(this)));
  }
  @inline chooseIdle(T: usize): u32 {
    return idleWithFewest(changetype<usize>(this), T, parameterOf(changetype<usize>(this)));
  }
}
