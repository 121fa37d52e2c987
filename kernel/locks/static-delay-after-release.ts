/**
 * Static delay after release: spins on read; having seen a release, waits a time of its own before it tries, so that
 * not all try at once.
 *
 * Each processor has one of P slots. Invariant: as for spin on test_and_set; the delay only decides when
 * to try.
 *
 *     private record I | slot |   cycles this processor waits
 *
 * @source Anderson, IEEE TPDS 1(1), 1990, Table III, static delay
 * @order none
 * @waits spinning
 * @spins shared
 * @signals all
 */
import { read, test_and_set } from "../atomics";
import { slot } from "../delays/slot";
import { pause, work } from "../machine";
import { local } from "../memory/placement";
import { FREE } from "./test-and-set";

export { create, release } from "./test-and-set";

export function attach(L: usize, processor: u32): usize {
  const I = local(processor, 4);
  store<u32>(I, processor * slot());
  return I;
}

export function acquire(L: usize, I: usize): void {
  while (read(L) != FREE || test_and_set(L)) {
    while (read(L) != FREE) pause();
    work(load<u32>(I));
  }
}
