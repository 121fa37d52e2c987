/**
 * Exponential backoff after release: spins on read; having seen a release, waits a random time whose mean doubles with
 * each test_and_set that failed.
 *
 * Invariant: as for spin on test_and_set; the delay only decides when to try.
 *
 * @source Anderson, IEEE TPDS 1(1), 1990, Table III, exponential backoff
 * @order none
 * @waits spinning
 * @spins shared
 * @signals all
 */
import { read, test_and_set, write } from "../atomics";
import { attachBackoff, backoff, beginBackoff, doubleBackoff } from "../delays/backoff";
import { pause } from "../machine";
import { shared } from "../memory/placement";
import { FREE } from "./test-and-set";

export { release } from "./test-and-set";

export const processorsOf: u32 = 4;

export function create(processors: u32): usize {
  const L = shared(8);
  write(L + processorsOf, processors);
  return L;
}

export function attach(L: usize, processor: u32): usize {
  return attachBackoff(processor, read(L + processorsOf));
}

export function acquire(L: usize, I: usize): void {
  if (read(L) == FREE && !test_and_set(L)) return;
  beginBackoff(I);
  while (true) {
    while (read(L) != FREE) pause();
    backoff(I);
    if (read(L) != FREE) continue;
    if (!test_and_set(L)) return;
    doubleBackoff(I);
  }
}
