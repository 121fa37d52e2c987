/**
 * Static delay between references: waits a time of its own between any two looks at the lock, also where nothing is
 * cached.
 *
 * Each processor has one of P slots. Invariant: as for spin on test_and_set; the delay only decides when
 * to try.
 *
 *     private record I | slot |   cycles this processor waits
 *
 * @source Anderson, IEEE TPDS 1(1), 1990, Table IV, static delay
 * @order none
 * @waits spinning
 * @spins shared
 * @signals all
 */
import { read, test_and_set } from "../atomics";
import { slot } from "../delays/slot";
import { work } from "../machine";
import { local } from "../memory/placement";
import { FREE } from "./test-and-set";

export { create, release } from "./test-and-set";

export function attach(L: usize, processor: u32): usize {
  const I = local(processor, 4);
  store<u32>(I, (processor + 1) * slot());
  return I;
}

export function acquire(L: usize, I: usize): void {
  while (read(L) != FREE || test_and_set(L)) work(load<u32>(I));
}
