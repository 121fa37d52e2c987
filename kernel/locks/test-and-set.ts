/**
 * Spin on test_and_set: the simplest lock, and the one that collapses first, because every spin takes the line away
 * from the holder.
 *
 * Invariant: the word is HELD exactly while some processor is between acquire and release, since only the one whose
 * test_and_set found it FREE goes on.
 *
 * @source Anderson, IEEE TPDS 1(1), 1990, Table I
 * @order none
 * @waits spinning
 * @spins shared
 * @signals all
 */
import { test_and_set, write } from "../atomics";
import { pause } from "../machine";
import { shared } from "../memory/placement";

export const FREE: u32 = 0;

export function create(processors: u32): usize {
  return shared(4);
}

export function attach(L: usize, processor: u32): usize {
  return 0;
}

export function acquire(L: usize, I: usize): void {
  while (test_and_set(L)) pause();
}

export function release(L: usize, I: usize): void {
  write(L, FREE);
}
