/**
 * Parking sense-reversing barrier: its waiters sleep after a bounded spin. For more threads than processors, where a
 * spinning waiter keeps those it waits for from running. State and arrival are those of the sense-reversing barrier.
 *
 *     B              | count | processors |
 *                    | sense | sleepers |
 *
 * Invariant: as for the sense-reversing barrier. A waiter counts itself among the sleepers before its last look at the
 * sense, which is one step with falling asleep; the last to arrive looks at sleepers after it flipped the sense. So
 * either the waiter sees the flip or it is woken, and where nobody sleeps nobody is notified.
 *
 * @source Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Algorithm 7, with memory.atomic.wait32 for the spin
 * @waits parking
 * @spins shared
 * @signals all
 */
import { fetch_and_decrement, fetch_and_increment, read } from "../atomics";
import { patience } from "../delays/patience";
import { work } from "../machine";
import { count, flipSense, sense } from "./sense-reversing";

export { attach, create } from "./sense-reversing";

const sleepers: u32 = sense + 4;
/** Cycles between two looks while spinning. */
const LOOK: u32 = 128;

export function barrier(B: usize, I: usize): void {
  const local_sense = load<u32>(I) ^ 1;
  store<u32>(I, local_sense);
  if (fetch_and_decrement(B + count) == 1) {
    flipSense(B, local_sense);
    if (read(B + sleepers) > 0) atomic.notify(B + sense, -1);
  } else {
    const longest = patience();
    for (let waited: u32 = 0; waited < longest; waited += LOOK) {
      if (read(B + sense) == local_sense) return;
      work(LOOK);
    }
    fetch_and_increment(B + sleepers);
    while (read(B + sense) != local_sense) atomic.wait<u32>(B + sense, local_sense ^ 1, -1);
    fetch_and_decrement(B + sleepers);
  }
}
