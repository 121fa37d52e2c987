/**
 * Priority: an idle processor takes the task whose priority is highest: its own, plus its age, plus its affinity.
 *
 *     S | ... | parameter: units of time by which a task gains 1, 0 for static priorities | ...
 *     T | ... | since | key | base |         its own priority, with a sign; kernel/tasks/scheduler.ts
 *
 * Order: by base + age / parameter + 1 if this processor was the last to execute it; of as much, by the time at which they
 * became ready.
 * Affinity: worth 1, and so as much as an age of `parameter` units. A task that becomes ready while its last processor is
 * idle goes there.
 * Starvation: none with ageing, while the bases differ by finitely much: a task that has waited long enough is before
 * all that become ready later. Possible with static priorities.
 * Shared: the queue and its guard, by all processors, and a look at all tasks in it at each choice.
 *
 * Invariant: kernel/tasks/central-queue.ts has it.
 *
 * @source Squillante & Lazowska, IEEE TPDS 4(2), 1993, section 6: priority with age and affinity
 * @queues central
 * @starves without ageing
 * @parameter time that is worth as much as affinity: 0, 4
 */

import { NIL, read } from "../atomics";
import { anyIdle, isCold, isRemembered, lastOf } from "../tasks/affinity";
import * as queues from "../tasks/central-queue";
import { firstOf } from "../tasks/queue";
import { base, centralQueue, isIdle, keyOf, next, parameterOf, since } from "../tasks/scheduler";

export { queues };

function priorityOf(T: usize, p: u32, now: u32, ageing: u32): i64 {
  const age: u32 = ageing == 0 ? 0 : (now - read(T + since)) / ageing;
  return <i64>(<i32>read(T + base)) + age + (isRemembered(keyOf(T), p, 1) ? 1 : 0);
}

@unmanaged
export class Policy {
  @inline choose(p: u32, now: u32): usize {
    const S = changetype<usize>(this);
    let best = firstOf(centralQueue(S));
    let most = priorityOf(best, p, now, parameterOf(S));
    for (let T: usize = read(best + next); T != NIL; T = read(T + next)) {
      const value = priorityOf(T, p, now, parameterOf(S));
      if (value <= most) continue;
      best = T;
      most = value;
    }
    return best;
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
