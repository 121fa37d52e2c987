/**
 * Spin on read: test-and-test-and-set waits on its own cached copy and tries only when the lock was seen free. A
 * release still sends every waiter to memory at once.
 *
 * Invariant: as for spin on test_and_set; the read only decides when to try.
 *
 * @source Anderson, IEEE TPDS 1(1), 1990, Table II (Rudolph & Segall, ISCA 1984)
 * @order none
 * @waits spinning
 * @spins shared
 * @signals all
 */
import { read, test_and_set } from "../atomics";
import { pause } from "../machine";
import { FREE } from "./test-and-set";

export { attach, create, release } from "./test-and-set";

export function acquire(L: usize, I: usize): void {
  while (read(L) != FREE || test_and_set(L)) pause();
}
