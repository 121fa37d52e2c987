/**
 * Work stealing: a task waits at its last processor; a processor whose own queue is empty takes the first task of the nearest
 * one that has any.
 *
 *     S | ... | parameter: units of time that 1 of a task's base is worth, 0 for none | ...
 *     of each processor | guard | first | last | length |         kernel/tasks/scheduler.ts, queue.ts
 *
 * Order: at each processor by the time at which its tasks became ready, less base x parameter; thieves take the first,
 * too. Tasks of different queues are not compared: one of a high base can wait while others take lower ones.
 * Affinity: to the last processor, until another one is idle. Thieves procrastinate: they decline tasks of whose last 8
 * processors they are none.
 * Starvation: none, while bases differ by finitely much. A task waits for those before it in its queue, at most: with a
 * parameter, those too that become ready up to (difference of bases) x parameter later.
 * Shared: each queue and its guard, by its processor, by those who make its tasks ready, and by thieves.
 *
 * Invariant: kernel/tasks/processor-queues.ts has it.
 *
 * @source Blumofe & Leiserson, Journal of the ACM 46(5), 1999; nearest first: Acar, Blelloch & Blumofe, SPAA 2000
 * @queues one for each processor
 * @starves never
 */

import { isCold, lastOf, REMEMBERED } from "../tasks/affinity";
import * as queues from "../tasks/processor-queues";
import { homeOf, isPresent, keyOf, parameterOf } from "../tasks/scheduler";

export { queues };

@unmanaged
export class Policy {
  @inline place(task: u32, T: usize): u32 {
    const S = changetype<usize>(this);
    const last = lastOf(keyOf(T));
    if (last != 0 && isPresent(S, last - 1)) return last - 1;
    return homeOf(S, task);
  }
  @inline worthOfBase(): u32 {
    return parameterOf(changetype<usize>(this));
  }
  @inline steals(): bool {
    return true;
  }
  @inline isCold(T: usize, p: u32): bool {
    return isCold(changetype<usize>(this), T, p, REMEMBERED);
  }
}
