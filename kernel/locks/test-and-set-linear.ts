/**
 * test_and_set with linear backoff: never reads the lock; waits a slot longer after each test_and_set that failed.
 *
 *     private record I | slot |   cycles
 *
 * Invariant: as for spin on test_and_set; the delay only decides when to try.
 *
 * @source Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Figure 4, test_and_set with linear backoff
 * @order none
 * @waits spinning
 * @spins shared
 * @signals all
 */
import { test_and_set } from "../atomics";
import { slot } from "../delays/slot";
import { work } from "../machine";
import { local } from "../memory/placement";

export { create, release } from "./test-and-set";

export function attach(L: usize, processor: u32): usize {
  const I = local(processor, 4);
  store<u32>(I, slot());
  return I;
}

export function acquire(L: usize, I: usize): void {
  for (let delay = load<u32>(I); test_and_set(L); delay += load<u32>(I)) work(delay);
}
