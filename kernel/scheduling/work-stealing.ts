/**
 * Work stealing: a task waits at its last processor; a processor whose own queue is empty takes the oldest task of the nearest
 * one that has any.
 *
 *     S | ... | of each processor: guard | first | last | length |         kernel/tasks/scheduler.ts, queue.ts
 *
 * Order: at each processor by the time at which its tasks became ready; thieves take the oldest, too.
 * Affinity: to the last processor, until another one is idle. Thieves procrastinate: they decline tasks of whose last 8
 * processors they are none.
 * Starvation: none. A task waits for those before it in its queue, at most.
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
import { firstPresent, isPresent, keyOf, NOBODY, processorsOf } from "../tasks/scheduler";

export { queues };

@unmanaged
export class Policy {
  @inline place(task: u32, T: usize): u32 {
    const S = changetype<usize>(this);
    const last = lastOf(keyOf(T));
    if (last != 0 && isPresent(S, last - 1)) return last - 1;
    const home = task % processorsOf(S);
    const p = firstPresent(S, home);
    return p == NOBODY ? home : p;
  }
  @inline steals(): bool {
    return true;
  }
  @inline isCold(T: usize, p: u32): bool {
    return isCold(changetype<usize>(this), T, p, REMEMBERED);
  }
}
