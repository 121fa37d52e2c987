/**
 * Fixed processor: each task has a processor of its own, and waits for it.
 *
 *     S | ... | parameter: units of time that 1 of a task's base is worth, 0 for none | ...
 *     of each processor | guard | first | last | length |         kernel/tasks/scheduler.ts, queue.ts
 *
 * Order: at each processor by the time at which its tasks became ready, less base x parameter.
 * Affinity: to one processor, key k to k mod n where n are there. When processors come or go, keys change theirs.
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
import { homeOf, keyNumberOf, parameterOf } from "../tasks/scheduler";

export { queues };

@unmanaged
export class Policy {
  @inline place(task: u32, T: usize): u32 {
    const S = changetype<usize>(this);
    return homeOf(S, keyNumberOf(S, task));
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
