/**
 * Static delay between references: waits a time of its own between any two looks at the lock, also where nothing is
 * cached.
 *
 * Each processor has one of P slots of SLOT cycles. Invariant: as for spin on test_and_set; the delay only decides when
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
import { read, test_and_set, write } from "../atomics";
import { SLOT } from "../delays/slot";
import { work } from "../machine";
import { local, shared } from "../memory/placement";

const FREE: u32 = 0;

export function create(processors: u32): usize {
  return shared(4);
}

export function attach(L: usize, processor: u32): usize {
  const I = local(processor, 4);
  store<u32>(I, (processor + 1) * SLOT);
  return I;
}

export function acquire(L: usize, I: usize): void {
  while (read(L) != FREE || test_and_set(L)) work(load<u32>(I));
}

export function release(L: usize, I: usize): void {
  write(L, FREE);
}
