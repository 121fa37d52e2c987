/**
 * Sloppy counter: a count for each slot of the space, of which a copy is published whenever it is a batch ahead. The low
 * half of a count is on a line of its own, and all that an addition writes; the copies lie close together: their sum is
 * cheap to read and a little old, that of the counts is exact.
 *
 *     C          | identity | slack | ...                 a line that nobody writes
 *     line s     | low | published | ...                  written by the worker of slot s; published is read by it alone
 *     copies     | copy: i64 | large: i64 | of slot 0, of slot 1 ...             after the lines
 *
 *     count s    copy + (low - the low half of copy, as a signed difference)
 *     large s    the sum of the slot's amounts beyond SMALL
 *
 * An addition is one plain store of 32 bits, as this_cpu_add is of Linux's percpu_counter: others may find the line's older
 * value for some nanoseconds, but not once they have synchronized with the adder, and never half of one. A sequentially
 * consistent store, which is all that WebAssembly has besides, costs more than the rest of the addition.
 *
 * Who dies leaves its line to the slot's next worker. An addition that publishes is a redo of two.
 *
 * Invariant: count - copy is at most slack = batch - 1, up or down, and published is the low half of copy, for each slot that is
 * not adding. So a copy and a low half that are read one after the other give a count that there was in between, if the
 * slot has not counted 2^31 meanwhile. Counts are never moved, only copied, so that no sum misses an addition that happened
 * before, or sees one twice, or one that began after it.
 *
 * Source: Boyd-Wickizer et al., OSDI 2010, section 4.3 (sloppy counters); `compare` is Linux's percpu_counter_compare, and
 * its central sum, which a worker could die in the middle of adding to, is here the sum of the copies.
 */
import { read, write } from "../atomics";
import { createObject, Kind } from "./objects";
import { carryOut, intend } from "./redo";
import { CACHE_LINE, me, workers } from "./space";

// Exported for the proofs, which look at the words.
export const slack: u32 = 4;

// Offsets in a line.
export const low: u32 = 0;
export const published: u32 = 4;

// Offsets in a slot's copies.
export const copy: u32 = 0;
export const large: u32 = 8;
const COPIES_BYTES: u32 = 16;

/** The largest amount, up or down, that is counted; and the largest batch. */
const SMALL: i64 = 1 << 30;

/** 0: the space is full. `batch`: 1 to 2^30; 0 for Linux's, which grows as the number of those who publish. */
export function create(batch: u32): usize {
  const slots = workers() + 1;
  const C = createObject(Kind.Counter, slots * CACHE_LINE + slots * COPIES_BYTES);
  if (C != 0) write(C + slack, (batch != 0 ? batch : max(32, 2 * workers())) - 1);
  return C;
}

export function batchOf(C: usize): u32 {
  return load<u32>(C + slack) + 1;
}

function lineOf(C: usize, slot: u32): usize {
  return C + slot * CACHE_LINE;
}

function copiesOf(C: usize, slot: u32): usize {
  return C + (workers() + 1) * CACHE_LINE + slot * COPIES_BYTES;
}

/** Adds. Never waits. */
export function add(C: usize, amount: i32): void {
  const line = lineOf(C, me);
  const count = load<u32>(line + low);
  const ahead = <i64>(<i32>(count - load<u32>(line + published))) + amount;
  const most = <i64>load<u32>(C + slack);
  // Whether it is -most to most.
  if (<u64>(ahead + most) <= <u64>(2 * most)) store<u32>(line + low, count + amount);
  else if (abs<i64>(amount) <= SMALL) publish(C, line, ahead);
  else addLarge(C, amount);
}

/** The same, of whole numbers that do not fit 32 bits. */
export function addNumber(C: usize, amount: f64): void {
  addLarge(C, <i64>amount);
}

function addLarge(C: usize, amount: i64): void {
  const sum = copiesOf(C, me) + large;
  atomic.store<i64>(sum, load<i64>(sum) + amount);
}

/** `ahead`: of the copy. */
function publish(C: usize, line: usize, ahead: i64): void {
  const mine = copiesOf(C, me) + copy;
  const count = load<i64>(mine) + ahead;
  const half = <i64>(<u32>count);
  intend(0, line, half | (half << 32));
  intend(1, mine, count);
  carryOut(C, 2);
}

/** Off by the slack of each slot at most, beside what is being added. */
export function approximate(C: usize): f64 {
  return <f64>sumOfCopies(C);
}

function sumOfCopies(C: usize): i64 {
  let sum: i64 = 0;
  for (let word = copiesOf(C, 1), end = copiesOf(C, workers() + 1); word < end; word += 8)
    sum += atomic.load<i64>(word);
  return sum;
}

/** All additions that happened before, none that has not begun, and of the others each worker's first ones or none. */
export function exact(C: usize): f64 {
  return <f64>sumOfCounts(C);
}

function sumOfCounts(C: usize): i64 {
  let sum: i64 = 0;
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) {
    sum += countOf(C, slot) + atomic.load<i64>(copiesOf(C, slot) + large);
  }
  return sum;
}

function countOf(C: usize, slot: u32): i64 {
  const word = copiesOf(C, slot) + copy;
  while (true) {
    const before = atomic.load<i64>(word);
    const count = before + <i32>(read(lineOf(C, slot) + low) - <u32>before);
    // Else the sum of so many small amounts in two instructions' time: as good as never.
    if (abs(atomic.load<i64>(word) - before) < SMALL) return count;
  }
}

/** -1, 0 or 1: the exact sum is below, at or above the limit. Reads the lines only if it is near. */
export function compare(C: usize, limit: f64): i32 {
  const near = <i64>load<u32>(C + slack) * workers();
  let difference = sumOfCopies(C) - <i64>limit;
  if (abs(difference) <= near) difference = sumOfCounts(C) - <i64>limit;
  return difference < 0 ? -1 : difference > 0 ? 1 : 0;
}
