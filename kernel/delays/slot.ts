/**
 * The unit of delays: about the cycles of one test_and_set on a word that another processor's cache or memory holds, as
 * Anderson's slots are. Machines differ in it by a factor of ten, so whoever prepares a program may set it.
 */
import { SLOT } from "../memory/placement";

/** Of current processors. */
const DEFAULT: u32 = 128;

/** To be called after `boot` and before objects are created; 1 or more, 0 for the default. */
export function set_slot(cycles: u32): void {
  store<u32>(SLOT, cycles);
}

/** In cycles. To be called when processors attach: a word that all load again and again is far from most of them. */
export function slot(): u32 {
  return load<u32>(SLOT) || DEFAULT;
}
