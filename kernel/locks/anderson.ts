/**
 * Anderson's array-based queue lock: each waiter spins on a slot of its own, one cache line each; a release writes the
 * next one.
 *
 *     L            | next_slot | mask |        one line; mask is the number of slots less 1
 *     slot i       | has_lock |                one line each
 *     private I    | my_place | mask |
 *
 * Invariant: exactly one slot has the lock while nobody holds it, none while somebody does; at most P processors wait,
 * so no two of them stand at one slot.
 *
 * The holder resets its slot with a plain store. The next to look there drew the ticket that is one lap later: of the
 * P + 1 tickets or more from this one to that, somebody drew two, and so had released the first, which is this one or
 * was granted after it. Draws are ordered by next_slot: the reset happened before the look.
 *
 * The slots are P rounded up to a power of two. As printed, with P of them, the queue breaks when next_slot wraps at
 * 2^32 and P does not divide that; Mellor-Crummey & Scott's cure, to subtract P now and then, costs a read-modify-write
 * and a division that this does without.
 *
 * @source Anderson, IEEE TPDS 1(1), 1990, Table V; Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Algorithm 3
 * @order fifo
 * @waits spinning
 * @spins private in cache
 * @signals one
 */
import { fetch_and_increment, read, write } from "../atomics";
import { ceilLog2 } from "../logarithm";
import { pause } from "../machine";
import { CACHE_LINE, local, shared } from "../memory/placement";

export const next_slot: u32 = 0;
export const mask: u32 = 4;
export const my_place: u32 = 0;
export const MUST_WAIT: u32 = 0;
const HAS_LOCK: u32 = 1;

export function slot(L: usize, place: u32): usize {
  return L + (place + 1) * CACHE_LINE;
}

export function create(processors: u32): usize {
  const slots: u32 = 1 << ceilLog2(processors);
  const L = shared((slots + 1) * CACHE_LINE);
  write(L + mask, slots - 1);
  write(slot(L, 0), HAS_LOCK);
  return L;
}

export function attach(L: usize, processor: u32): usize {
  const I = local(processor, 8);
  store<u32>(I + mask, read(L + mask));
  return I;
}

export function acquire(L: usize, I: usize): void {
  const place = fetch_and_increment(L + next_slot) & load<u32>(I + mask);
  while (read(slot(L, place)) == MUST_WAIT) pause();
  store<u32>(slot(L, place), MUST_WAIT);
  store<u32>(I + my_place, place);
}

export function release(L: usize, I: usize): void {
  write(slot(L, (load<u32>(I + my_place) + 1) & load<u32>(I + mask)), HAS_LOCK);
}
