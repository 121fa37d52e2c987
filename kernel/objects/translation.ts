/**
 * Translation table: where each processor finds the representative that serves it. It is that processor's own memory,
 * and a cache: an entry may be dropped at any time, and comes back by a miss.
 *
 *     slot of a reference | tag | representative |           in the record of the processor, by the index's lower bits
 *
 *     tag          | means
 *     0            | nothing
 *     reserved     | its processor is in a miss, and nobody has destroyed the object since
 *     a reference  | the representative beside it is that object's
 *
 * A hit is one load and one compare. Only its processor enters anything: it reserves the slot, before it looks whether
 * the object is there; then, if the slot is still reserved, it enters the reference. Anybody drops it. So whoever has
 * marked an object as destroyed and then drops its entries has dropped what was found before, and what is found later is
 * not entered.
 *
 *     processor p                           processor q
 *     tag := reserved for its index
 *     the object is there
 *                                           destroyed
 *                                           drop: reserved -> 0, reference -> 0
 *     tag: reserved -> reference fails
 *
 * Dropping looks for a reservation first: between its two looks p can only go on from there to the reference.
 *
 * Invariant: an entry is of an object that was there when it was entered, on this processor, under way of an operation.
 *
 * @source Gamsa et al., Tornado, OSDI 1999, section 3.2; K42: LTransEntry
 */
import { compare_and_swap, read, write } from "../atomics";
import { RECORD } from "./manager";
import { reservedFor } from "./reference";

/** Entries of a table, a power of two: of objects whose indices agree in the lower bits, one is entered at a time. */
const SLOTS: u32 = 1024;
const SLOT: u32 = 8;
export const TABLE_BYTES: u32 = SLOTS * SLOT;

const representative: u32 = 4;

function slotOf(R: usize, reference: u32): usize {
  return R + ((reference & (SLOTS - 1)) << 3);
}

/** The representative that is entered, or 0. To be called by its processor, as all that follow but `drop`. */
export function lookUp(R: usize, reference: u32): usize {
  const slot = slotOf(R, reference);
  if (atomic.load<u32>(slot, RECORD) != reference) return 0;
  return load<u32>(slot, RECORD + representative);
}

/** Before it is looked for. */
export function reserve(R: usize, reference: u32): void {
  write(slotOf(R, reference) + RECORD, reservedFor(reference));
}

/** False if somebody has dropped it since it was reserved. */
export function enter(R: usize, reference: u32, found: usize): bool {
  const slot = slotOf(R, reference) + RECORD;
  store<u32>(slot + representative, <u32>found);
  return compare_and_swap(slot, reservedFor(reference), reference);
}

/** Of any processor's table, by any. */
export function drop(R: usize, reference: u32): void {
  const slot = slotOf(R, reference) + RECORD;
  compare_and_swap(slot, reservedFor(reference), 0);
  compare_and_swap(slot, reference, 0);
}

/** Of a processor that comes. */
export function dropAll(R: usize): void {
  for (let slot = R + RECORD, end = slot + TABLE_BYTES; slot < end; slot += SLOT) {
    if (read(slot) != 0) write(slot, 0);
  }
}
