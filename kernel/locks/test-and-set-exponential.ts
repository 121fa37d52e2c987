/**
 * test_and_set with exponential backoff: never reads the lock; waits twice as long after each test_and_set that failed,
 * at most a slot for each processor.
 *
 *     L            | word | processors |
 *     private I    | first | limit |        cycles
 *
 * Invariant: as for spin on test_and_set; the delay only decides when to try.
 *
 * @source Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Algorithm 1, capped as in Anderson, IEEE TPDS 1(1), 1990
 * @order none
 * @waits spinning
 * @spins shared
 * @signals all
 */
import { read, test_and_set } from "../atomics";
import { slot } from "../delays/slot";
import { work } from "../machine";
import { local } from "../memory/placement";
import { processorsOf } from "./backoff-after-release";

export { create, release } from "./backoff-after-release";

const first: u32 = 0;
const limit: u32 = 4;

export function attach(L: usize, processor: u32): usize {
  const I = local(processor, 8);
  store<u32>(I + first, slot());
  store<u32>(I + limit, read(L + processorsOf) * slot());
  return I;
}

export function acquire(L: usize, I: usize): void {
  for (let delay = load<u32>(I + first); test_and_set(L); delay = min(2 * delay, load<u32>(I + limit))) work(delay);
}
