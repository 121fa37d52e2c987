/**
 * Sense-reversing barrier with proportional backoff: the count says how many have still to arrive, and that how long to
 * wait before each look at the sense. All else is as in the sense-reversing barrier.
 *
 *     private I      | local_sense | slot |        slot in cycles
 *
 * Invariant: as for the sense-reversing barrier; the delay only decides when to look.
 *
 * @source Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Figure 8, proportional backoff (Agarwal & Cherian, ISCA 1989)
 * @waits spinning
 * @spins shared
 * @signals all
 */
import { fetch_and_decrement, read } from "../atomics";
import { slot } from "../delays/slot";
import { work } from "../machine";
import { local } from "../memory/placement";
import { count, flipSense, sense } from "./sense-reversing";

export { create } from "./sense-reversing";

const slotOf: u32 = 4;

export function attach(B: usize, processor: u32): usize {
  const I = local(processor, 8);
  store<u32>(I, 1);
  store<u32>(I + slotOf, slot());
  return I;
}

export function barrier(B: usize, I: usize): void {
  const local_sense = load<u32>(I) ^ 1;
  store<u32>(I, local_sense);
  const missing = fetch_and_decrement(B + count) - 1;
  if (missing == 0) {
    flipSense(B, local_sense);
  } else {
    // They come one after the other, each with a read-modify-write on a line that another cache holds: a slot each.
    do work(missing * load<u32>(I + slotOf));
    while (read(B + sense) != local_sense);
  }
}
