/**
 * Anderson's array-based queue lock for machines without fetch_and_increment: a test_and_set lock with exponential
 * backoff guards the sequence counter. All else is as in Anderson's lock.
 *
 *     L            | next_slot | mask | counter_lock |     one line: whoever gets the counter's lock has the counter, too
 *     slot i       | has_lock |                            one line each
 *     private I    | my_place | mask | backoff |           backoff: address of the record of kernel/delays/backoff.ts
 *
 * Invariant: as for Anderson's lock. next_slot is read and written, by plain loads and stores, under counter_lock only.
 * First come, first served from their number on; for the number they compete.
 *
 * @source Anderson, IEEE TPDS 1(1), 1990, Table V, as measured on the Sequent Symmetry
 * @order none
 * @waits spinning
 * @spins private in cache
 * @signals one
 */
import { read } from "../atomics";
import { attachBackoff } from "../delays/backoff";
import { pause } from "../machine";
import { local } from "../memory/placement";
import { MUST_WAIT, mask, my_place, next_slot, slot } from "./anderson";
import { acquire as acquireCounter } from "./backoff-between-references";
import { release as releaseCounter } from "./test-and-set";

export { create, release } from "./anderson";

const counter_lock: u32 = 8;
const backoff: u32 = 8;

export function attach(L: usize, processor: u32): usize {
  const I = local(processor, 12);
  store<u32>(I + mask, read(L + mask));
  store<u32>(I + backoff, <u32>attachBackoff(processor, read(L + mask) + 1));
  return I;
}

function read_and_increment(L: usize, I: usize): u32 {
  acquireCounter(L + counter_lock, load<u32>(I + backoff));
  const place = load<u32>(L + next_slot);
  store<u32>(L + next_slot, place + 1);
  releaseCounter(L + counter_lock, load<u32>(I + backoff));
  return place;
}

export function acquire(L: usize, I: usize): void {
  const place = read_and_increment(L, I) & load<u32>(I + mask);
  while (read(slot(L, place)) == MUST_WAIT) pause();
  store<u32>(slot(L, place), MUST_WAIT);
  store<u32>(I + my_place, place);
}
