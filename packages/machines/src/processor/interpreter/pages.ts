/**
 * Which pages a processor has translations of: 256 slots by the page's lower bits, quickly looked up. It has no page that the
 * processor's TLB lacks, and lacks some that the TLB has: the other side fills and clears slots, and asks the TLB where a
 * page is not here.
 *
 *     slot: | page + 1, 0 for none | frame's address and bits | address of the TLB entry's last lookup | - |
 */
import { LOOKUPS } from "./registers";

const SLOT_BITS: u32 = 4;
const SLOT_MASK: u32 = 255;
const TRANSLATION: u32 = 4;
const LAST_LOOKUP: u32 = 8;

/** By how many bits addresses are shifted to pages. */
export let pageBits: u32 = 0;

export function setPageBits(bits: u32): void {
  pageBits = bits;
}

/** The frame's address and the bits of a page that is referred to; 0 if the page is not there. */
export function lookUp(pages: u32, registers: u32, page: u32): u32 {
  const slot = pages + ((page & SLOT_MASK) << SLOT_BITS);
  if (load<u32>(slot) != page + 1) return 0;
  const lookups = load<f64>(registers, LOOKUPS) + 1;
  store<f64>(registers, lookups, LOOKUPS);
  store<f64>(load<u32>(slot, LAST_LOOKUP), lookups);
  return load<u32>(slot, TRANSLATION);
}
