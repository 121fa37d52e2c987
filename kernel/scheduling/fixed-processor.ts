/**
 * Fixed processor: each task has a processor of its own, and waits for it.
 *
 *     S | ... | parameter: units of time that 1 of a task's base is worth, 0 for none | ...
 *     of each processor | guard | first | last | length |         kernel/tasks/scheduler.ts, queue.ts
 *
 * Order: at each processor by the time at which its tasks became ready, less base x parameter.
 * Affinity: to one processor, task t to t mod P. The tasks of a processor that is not there go to the next one that is.
 * Starvation: none, while bases differ by finitely much. Processors may be idle while tasks wait for others. Procrastination changes nothing.
 * Shared: each queue and its guard, by its processor and by those who make its tasks ready.
 *
 * Invariant: kernel/tasks/processor-queues.ts has it.
 *
 * @source Squillante & Lazowska, IEEE TPDS 4(2), 1993: FP
 * @queues one for each processor
 * @starves never
 */
import * as queues from "../tasks/processor-queues";
import { firstPresent, NOBODY, parameterOf, processorsOf } from "../tasks/scheduler";

export { queues };

@unmanaged
export class Policy {
  @inline place(task: u32, T: usize): u32 {
    const S = changetype<usize>(this);
    const home = task % processorsOf(S);
    const p = firstPresent(S, home);
    return p == NOBODY ? home : p;
  }
  @inline worthOfBase(): u32 {
    return parameterOf(changetype<usize>(this));
  }
  @inline steals(): bool {
    return false;
  }
  @inline isCold(T: usize, p: u32): bool {
    return false;
  }
}
