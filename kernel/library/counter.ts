/**
 * Sloppy counter: a count for each slot of the space, on a line of its own, of which a copy is published whenever it is a
 * batch ahead. The copies lie close together: their sum is cheap to read and a little old, that of the counts is exact.
 *
 *     C        | identity | slack | ...              a line that nobody writes
 *     line s   | count: i64 | published: i64 |       written by the worker of slot s; published is read by it alone
 *     copies   | i64 of slot 0, 1 ... |              of published, after the lines
 *
 * Who dies leaves its line to the slot's next worker. An addition is one store; one that publishes is a redo of three.
 *
 * Invariant: count - published is at most slack = batch - 1, up or down, and the copy is equal to published, for each slot
 * that is not adding. Counts are never moved, only copied, so that no sum misses an addition that has returned, or sees
 * one twice, or one that began after it.
 *
 * Source: Boyd-Wickizer et al., OSDI 2010, section 4.3 (sloppy counters); `compare` is Linux's percpu_counter_compare, and
 * its central sum, which a worker could die in the middle of adding to, is here the sum of the copies.
 */
import { write } from "../atomics";
import { createObject, Kind } from "./objects";
import { carryOut, intend } from "./redo";
import { CACHE_LINE, me, workers } from "./space";

const slack: u32 = 4;
const published: u32 = 8;

/** 0: the space is full. `batch`: 1 or more; 0 for Linux's, which grows as the number of those who publish. */
export function create(batch: u32): usize {
  const lines = workers() + 1;
  const C = createObject(Kind.Counter, lines * CACHE_LINE + lines * 8);
  if (C != 0) write(C + slack, (batch != 0 ? batch : max(32, 2 * workers())) - 1);
  return C;
}

/** Adds. Never waits. */
export function add(C: usize, amount: i32): void {
  const line = C + me * CACHE_LINE;
  const count = load<i64>(line) + amount;
  const most = <i64>load<u32>(C + slack);
  // Whether it is -most to most.
  if (<u64>(count - load<i64>(line + published) + most) <= <u64>(2 * most)) atomic.store<i64>(line, count);
  else publish(C, line, count);
}

/** The same, of whole numbers that do not fit 32 bits. */
export function addNumber(C: usize, amount: f64): void {
  const line = C + me * CACHE_LINE;
  publish(C, line, load<i64>(line) + <i64>amount);
}

function publish(C: usize, line: usize, count: i64): void {
  intend(0, line, count);
  intend(1, line + published, count);
  intend(2, copyOf(C, me), count);
  carryOut(3);
}

function copyOf(C: usize, slot: u32): usize {
  return C + (workers() + 1) * CACHE_LINE + slot * 8;
}

/** Off by the slack of each slot at most, beside what is being added. */
export function approximate(C: usize): f64 {
  return <f64>sumOfCopies(C);
}

function sumOfCopies(C: usize): i64 {
  let sum: i64 = 0;
  for (let copy = copyOf(C, 1), end = copyOf(C, workers() + 1); copy < end; copy += 8) sum += atomic.load<i64>(copy);
  return sum;
}

/** All additions that have returned, none that has not begun, and of the others each worker's first ones or none. */
export function exact(C: usize): f64 {
  return <f64>sumOfCounts(C);
}

function sumOfCounts(C: usize): i64 {
  let sum: i64 = 0;
  for (let slot: u32 = 1, last = workers(); slot <= last; slot++) sum += atomic.load<i64>(C + slot * CACHE_LINE);
  return sum;
}

/** -1, 0 or 1: the exact sum is below, at or above the limit. Reads the lines only if it is near. */
export function compare(C: usize, limit: f64): i32 {
  const near = <i64>load<u32>(C + slack) * workers();
  let difference = sumOfCopies(C) - <i64>limit;
  if (abs(difference) <= near) difference = sumOfCounts(C) - <i64>limit;
  return difference < 0 ? -1 : difference > 0 ? 1 : 0;
}
