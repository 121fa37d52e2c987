/**
 * Last processor: an idle processor takes the oldest task that it was the last to execute; if there is none, the oldest of
 * all.
 *
 *     S | ... | guard | first | last | length |         one queue: kernel/tasks/scheduler.ts, queue.ts
 *
 * Order: tasks whose last processor this is, then the others; among both by the time at which they became ready.
 * Affinity: to the last processor. A task that becomes ready while that is idle goes there.
 * Starvation: possible. Tasks that come back to the same processors again and again are taken before one that does not.
 * Shared: the queue and its guard, by all processors.
 *
 * Invariant: kernel/tasks/central-queue.ts has it.
 *
 * @source Squillante & Lazowska, IEEE TPDS 4(2), 1993: LP
 * @queues central
 * @starves possible
 */

import { NIL, read } from "../atomics";
import { anyIdle, isCold, isRemembered, lastOf } from "../tasks/affinity";
import * as queues from "../tasks/central-queue";
import { firstOf } from "../tasks/queue";
import { centralQueue, isIdle, keyOf, next } from "../tasks/scheduler";

export { queues };

@unmanaged
export class Policy {
  @inline choose(p: u32, now: u32): usize {
    const first = firstOf(centralQueue(changetype<usize>(this)));
    for (let T = first; T != NIL; T = read(T + next)) {
      if (isRemembered(keyOf(T), p, 1)) return T;
    }
    return first;
  }
  @inline isCold(T: usize, p: u32): bool {
    return isCold(changetype<usize>(this), T, p, 1);
  }
  @inline chooseIdle(T: usize): u32 {
    const S = changetype<usize>(this);
    const last = lastOf(keyOf(T));
    return last != 0 && isIdle(S, last - 1) ? last - 1 : anyIdle(S, T);
  }
}
