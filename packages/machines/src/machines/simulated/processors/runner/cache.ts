/**
 * References that hit, in the caches of src/machines/simulated/memory/cache.ts: the same arrays, addresses of 32 bits.
 */
import { DROPPED, GUESSES, STATES, TAGS, TALLY, USED } from "./record";

/** The state of a slot without a line. */
const INVALID: u32 = 0;
/** Must equal the constant of the same name in cache.ts. */
const GUESS_MASK: u32 = 255;

/** Of a tally, all f64: references so far, then reads and writes that hit. */
const CLOCK: u32 = 0;
const HITS: u32 = 8;

/** Bytes of a line. */
export let lineBytes: u32 = 0;
let lineBits: u32 = 0;
let ways: u32 = 0;
let setMask: u32 = 0;
/** By `state * 2 + write`: the state after a hit that nobody else notices, INVALID for other references. */
let silent: u32 = 0;

export function setCaches(bytes: u32, associativity: u32, sets: u32, silentAt: u32): void {
  lineBytes = bytes;
  lineBits = ctz<u32>(bytes);
  ways = associativity;
  setMask = sets - 1;
  silent = silentAt;
}

/** The slot of a processor's cache that holds the line of an address in a valid state, or -1. */
function find(record: u32, address: u32): u32 {
  const line = address >>> lineBits;
  const tag = line << lineBits;
  const tags = load<u32>(record, TAGS);
  const states = load<u32>(record, STATES);
  const guess = load<u32>(record, GUESSES) + 4 * (line & GUESS_MASK);
  let slot = load<u32>(guess);
  if (load<u32>(tags + 4 * slot) == tag && load<u8>(states + slot) != INVALID) return slot;
  slot = (line & setMask) * ways;
  for (const end = slot + ways; slot < end; slot++) {
    if (load<u32>(tags + 4 * slot) == tag && load<u8>(states + slot) != INVALID) {
      store<u32>(guess, slot);
      return slot;
    }
  }
  return -1;
}

/**
 * The slot in which a reference of bytes of one line hits so that nobody else notices, not even the fully associative
 * cache that tells misses apart; or -1.
 */
export function hit(record: u32, write: u32, address: u32, size: u32): u32 {
  if (!load<u32>(record, STATES) || (address & (lineBytes - 1)) + size > lineBytes) return -1;
  const slot = find(record, address);
  if (slot == -1 || load<u8>(load<u32>(record, DROPPED) + slot)) return -1;
  return load<u8>(silent + 2 * load<u8>(load<u32>(record, STATES) + slot) + write) == INVALID ? -1 : slot;
}

/** That reference takes place. */
export function use(record: u32, write: u32, slot: u32): void {
  const state = load<u32>(record, STATES) + slot;
  store<u8>(state, load<u8>(silent + 2 * load<u8>(state) + write));
  const tally = load<u32>(record, TALLY);
  const clock = load<f64>(tally, CLOCK) + 1;
  store<f64>(tally, clock, CLOCK);
  store<f64>(load<u32>(record, USED) + 8 * slot, clock);
  store<f64>(tally + 8 * write, load<f64>(tally + 8 * write, HITS) + 1, HITS);
}
