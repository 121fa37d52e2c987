/**
 * Histogram with buckets whose width grows with the values: 128 of width 1, then 64 in each power of two. So whatever is
 * in a bucket is within 1/128 of its middle. Each slot of the space counts in a block of its own, made when its worker
 * records for the first time.
 *
 *     H       | identity | epoch | block of slot 1 | of slot 2 ...
 *     block   | epoch | sum: i64 | least: i64 | most: i64 |            a line
 *             | count of bucket 0: i64 | of bucket 1 ...               BUCKETS of them
 *
 * A block counts if its epoch is that of the histogram. A reset begins an epoch; whoever records then, clears its block.
 * A record is a redo of the words that it changes: it is there whole, also if its worker dies.
 *
 * Invariant: a block of the present epoch holds all records of its slot's workers that have returned in the epoch, and no
 * others; a block of an earlier one is nobody's but its worker's.
 *
 * A worker that dies between making its block and writing down where it is leaves a block that nobody frees.
 *
 * Source: Tene, HdrHistogram (log-linear buckets of bounded relative error).
 */
import { fetch_and_increment, fetch_and_store, read, write } from "../atomics";
import { allocateLines, release } from "./allocator";
import { createObject, Kind } from "./objects";
import { carryOut, intend } from "./redo";
import { CACHE_LINE, me, workers } from "./space";

/** Buckets of a power of two are 2^PRECISION. */
const PRECISION: u32 = 6;
/** For all values below 2^53. */
export const BUCKETS: u32 = (53 - PRECISION + 1) << PRECISION;

// Exported for the proofs, which look at the words.
export const epoch: u32 = 4;
export const sum: u32 = 8;
export const least: u32 = 16;
export const most: u32 = 24;
export const counts: u32 = CACHE_LINE;

/** 0: the space is full. */
export function create(): usize {
  return createObject(Kind.Histogram, wordOf(0, workers() + 1));
}

/** When it was freed. */
export function releaseBlocks(H: usize): void {
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) {
    const B = fetch_and_store(wordOf(H, slot), 0);
    if (B != 0) release(B);
  }
}

/** Where the address of a slot's block is. */
function wordOf(H: usize, slot: u32): usize {
  return H + epoch + slot * 4;
}

/** The bucket of a value: its power of two, and the PRECISION bits after its first one. */
function bucketOf(value: i64): u32 {
  const shift = value < 2 << PRECISION ? 0 : 63 - PRECISION - <u32>clz(value);
  return (shift << PRECISION) + <u32>(value >> shift);
}

/** The least value of a bucket; of BUCKETS, the first that has none. */
export function lowerBound(bucket: u32): f64 {
  const shift = max(<i32>(bucket >> PRECISION) - 1, 0);
  return <f64>((<i64>(bucket - (shift << PRECISION))) << shift);
}

/** Counts a whole number, 0 to 2^53 - 1. False: there is no room for the slot's block. Never waits. */
export function record(H: usize, number: f64): bool {
  const value = <i64>number;
  const B = blockOf(H);
  if (B == 0) return false;
  const count = B + counts + bucketOf(value) * 8;
  intend(0, count, load<i64>(count) + 1);
  intend(1, B + sum, load<i64>(B + sum) + value);
  let entries: u32 = 2;
  if (value < load<i64>(B + least)) intend(entries++, B + least, value);
  if (value > load<i64>(B + most)) intend(entries++, B + most, value);
  carryOut(H, entries);
  return true;
}

/** The block of this worker, of the present epoch; 0: there is no room for it. */
export function blockOf(H: usize): usize {
  const present = read(H + epoch);
  let B: usize = load<u32>(wordOf(H, me));
  if (B == 0) {
    B = allocateLines(counts + BUCKETS * 8);
    if (B == 0) return 0;
    store<i64>(B + least, i64.MAX_VALUE);
    store<i64>(B + most, -1);
    store<u32>(B + epoch, present);
    write(wordOf(H, me), <u32>B);
  } else if (load<u32>(B + epoch) != present) clear(B, present);
  return B;
}

function clear(B: usize, present: u32): void {
  for (let count = B + counts, end = count + BUCKETS * 8; count < end; count += 8) {
    if (load<i64>(count) != 0) atomic.store<i64>(count, 0);
  }
  atomic.store<i64>(B + sum, 0);
  atomic.store<i64>(B + least, i64.MAX_VALUE);
  atomic.store<i64>(B + most, -1);
  // Until here it counts for nothing.
  write(B + epoch, present);
}

/** Forgets all records that have returned; those under way are forgotten or not. */
export function reset(H: usize): void {
  fetch_and_increment(H + epoch);
}

/** Who reads, reads it before and after: what was read between is of one epoch if it is the same. */
export function epochOf(H: usize): u32 {
  return read(H + epoch);
}

/** A slot's block, if it counts in the present epoch; else 0. */
function counting(H: usize, slot: u32): usize {
  const B = read(wordOf(H, slot));
  return B != 0 && read(B + epoch) == read(H + epoch) ? B : 0;
}

/** How many values of a bucket have been recorded. */
export function countOf(H: usize, bucket: u32): f64 {
  return <f64>total(H, counts + bucket * 8);
}

export function sumOf(H: usize): f64 {
  return <f64>total(H, sum);
}

function total(H: usize, word: u32): i64 {
  let total: i64 = 0;
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) {
    const B = counting(H, slot);
    if (B != 0) total += atomic.load<i64>(B + word);
  }
  return total;
}

/** The least value recorded; some number above 2^53 if there is none. */
export function leastOf(H: usize): f64 {
  let value = i64.MAX_VALUE;
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) {
    const B = counting(H, slot);
    if (B != 0) value = min(value, atomic.load<i64>(B + least));
  }
  return <f64>value;
}

/** The greatest value recorded; -1 if there is none. */
export function mostOf(H: usize): f64 {
  let value: i64 = -1;
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) {
    const B = counting(H, slot);
    if (B != 0) value = max(value, atomic.load<i64>(B + most));
  }
  return <f64>value;
}
