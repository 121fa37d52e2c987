/**
 * Anderson's array-based queue lock: each waiter spins on a slot of its own, one cache line each; a release writes the
 * next one.
 *
 *     L            | next_slot | processors |   one line
 *     slot i       | has_lock |                 one line each, P of them
 *     private I    | my_place |
 *
 * Invariant: exactly one slot has the lock while nobody holds it, none while somebody does; at most P processors wait,
 * so no two of them stand at one slot.
 *
 * next_slot begins at P and loses P each time a multiple of P is drawn (Mellor-Crummey & Scott's cure for the overflow
 * that breaks the queue when P is no power of two). At most P - 1 others draw before that, so it stays below 2 P and
 * a subtraction replaces the division. (Begun at 0, as printed, it would wrap below zero at once.)
 *
 * @source Anderson, IEEE TPDS 1(1), 1990, Table V; Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Algorithm 3
 * @order fifo
 * @waits spinning
 * @spins private in cache
 * @signals one
 */
import { fetch_and_increment, read, write } from "../atomics";
import { pause } from "../machine";
import { CACHE_LINE, local, shared } from "../memory/placement";

const next_slot: u32 = 0;
const processorsOf: u32 = 4;
const my_place: u32 = 0;
const MUST_WAIT: u32 = 0;
const HAS_LOCK: u32 = 1;

function slot(L: usize, place: u32): usize {
  return L + (place + 1) * CACHE_LINE;
}

export function create(processors: u32): usize {
  const L = shared((processors + 1) * CACHE_LINE);
  write(L + next_slot, processors);
  write(L + processorsOf, processors);
  write(slot(L, 0), HAS_LOCK);
  return L;
}

export function attach(L: usize, processor: u32): usize {
  return local(processor, 4);
}

export function acquire(L: usize, I: usize): void {
  const P = read(L + processorsOf);
  let place = fetch_and_increment(L + next_slot);
  if (place >= P) place -= P;
  if (place == 0) atomic.sub<u32>(L + next_slot, P);
  while (read(slot(L, place)) == MUST_WAIT) pause();
  write(slot(L, place), MUST_WAIT);
  store<u32>(I + my_place, place);
}

export function release(L: usize, I: usize): void {
  const place = load<u32>(I + my_place) + 1;
  write(slot(L, place == read(L + processorsOf) ? 0 : place), HAS_LOCK);
}
