/**
 * Exponential backoff between references: waits a random time between any two looks at the lock, whose mean doubles
 * with each test_and_set that failed.
 *
 * Invariant: as for spin on test_and_set; the delay only decides when to try.
 *
 * @source Anderson, IEEE TPDS 1(1), 1990, Table IV, exponential backoff
 * @order none
 * @waits spinning
 * @spins shared
 * @signals all
 */
import { read, test_and_set } from "../atomics";
import { backoff, beginBackoff, doubleBackoff } from "../delays/backoff";
import { FREE } from "./test-and-set";

export { attach, create, release } from "./backoff-after-release";

export function acquire(L: usize, I: usize): void {
  if (read(L) == FREE && !test_and_set(L)) return;
  beginBackoff(I);
  while (true) {
    backoff(I);
    if (read(L) != FREE) continue;
    if (!test_and_set(L)) return;
    doubleBackoff(I);
  }
}
