/**
 * The histogram, proven. All processors but the last record the value 1, `turns` times, and write down how often they have
 * begun to, and have; the last resets it. What is there at the end follows from what was written down around the reset.
 *
 *     SCENE | histogram | turns | recorded before the reset | begun after it | begun | recorded: of 4 processors each |
 */
import { read, write } from "../../atomics";
import { Failure, fail, processor, processors } from "../../machine";
import { allocate, allocateLines, blockBytes } from "../allocator";
import * as layout from "../histogram";
import {
  BUCKETS,
  blockOf,
  countOf,
  create,
  epochOf,
  leastOf,
  lowerBound,
  mostOf,
  record,
  releaseBlocks,
  reset,
  sumOf,
} from "../histogram";
import { Kind, kindOf } from "../objects";
import { CACHE_LINE, enterAs, identity, workers } from "../space";
import { begin, expect, expectEqual, prepareAlone, prepareWorkers, SCENE } from "./worker";

const histogram: usize = SCENE;
const turns: usize = SCENE + 4;
const recordedBefore: usize = SCENE + 8;
const begunAfter: usize = SCENE + 12;
const begun: usize = SCENE + 32;
const recorded: usize = SCENE + 64;

export function histogram_prove_init(turnsEach: u32): void {
  prepareWorkers();
  const H = create();
  for (let p: u32 = 0; p < processors() - 1; p++) {
    enterAs(p + 1);
    blockOf(H);
  }
  write(histogram, <u32>H);
  write(turns, turnsEach);
}

export function histogram_prove_run(): void {
  begin();
  const p = processor();
  const H = read(histogram);
  if (p == processors() - 1) {
    const before = total(recorded, p);
    // All, if it dies before it knows better.
    write(begunAfter, p * read(turns));
    reset(H);
    write(recordedBefore, before);
    write(begunAfter, total(begun, p));
    return;
  }
  for (let turn: u32 = 1, all = read(turns); turn <= all; turn++) {
    write(begun + p * 4, turn);
    record(H, 1);
    write(recorded + p * 4, turn);
  }
}

function total(words: usize, recorders: u32): u32 {
  let sum: u32 = 0;
  for (let p: u32 = 0; p < recorders; p++) sum += read(words + p * 4);
  return sum;
}

/** Records are there whole: all that began after the reset, none that had returned before. */
export function histogram_prove_end(recorders: u32): void {
  const H = read(histogram);
  const count = countOf(H, 1);
  if (count < <f64>total(recorded, recorders) - read(begunAfter)) fail(Failure.Lost);
  if (count > total(begun, recorders) - read(recordedBefore)) fail(Failure.Lost);
  if (sumOf(H) != count || (count > 0 && (leastOf(H) != 1 || mostOf(H) != 1))) fail(Failure.Lost);
}

/** After a reset of what processor 0 has recorded. */
export function histogram_prove_steps_init(): void {
  prepareWorkers();
  const H = create();
  write(histogram, <u32>H);
  enterAs(1);
  record(H, 7);
  reset(H);
}

/** Records twice; it may die at any step. */
export function histogram_prove_steps(): void {
  begin();
  const H: usize = read(histogram);
  record(H, 1);
  write(recorded, 1);
  record(H, 3);
  write(recorded, 2);
}

/** Each record is there whole, or not at all, and nothing of what was before the reset. */
export function histogram_prove_steps_end(): void {
  const H: usize = read(histogram);
  const ones = countOf(H, 1);
  const threes = countOf(H, 3);
  expect(ones <= 1 && threes <= ones && countOf(H, 7) == 0 && ones + threes >= <f64>read(recorded));
  expect(sumOf(H) == ones + 3 * threes);
  expect(leastOf(H) == (ones != 0 ? 1 : <f64>i64.MAX_VALUE));
  expect(mostOf(H) == (threes != 0 ? 3 : ones != 0 ? 1 : -1));
}

/** For what workers call itself, of which proofs have copies: the histogram has to be where the claim says. */
export function histogram_prove_exports_init(at: u32): void {
  prepareWorkers();
  write(histogram, <u32>create());
  expectEqual(read(histogram), at);
}

export function histogram_prove_exports_invariant(): void {
  const H: usize = read(histogram);
  expect(epochOf(H) <= 1);
  for (let slot: u32 = 1; slot <= workers(); slot++) expect(read(H + layout.epoch + slot * 4) == 0);
}

export function histogram_prove_exports_end(): void {
  expectEqual(epochOf(read(histogram)), 1);
}

/** Slots of a space of which a histogram has more than a line of words. */
const SLOTS: u32 = 31;
const LARGEST: f64 = 9007199254740991;

export function histogram_prove_alone_init(): void {
  prepareAlone(SLOTS);
  write(histogram, <u32>create());
}

/** Of all records: how many, their sum, the least and the greatest. */
function expectAll(bucket: u32, count: f64, sum: f64, least: f64, most: f64): void {
  const H: usize = read(histogram);
  if (countOf(H, bucket) != count || sumOf(H) != sum || leastOf(H) != least || mostOf(H) != most) fail(Failure.Lost);
}

function recordIn(H: usize, bucket: u32, value: f64): void {
  const before = countOf(H, bucket);
  if (!record(H, value) || countOf(H, bucket) != before + 1) fail(Failure.Lost);
  if (lowerBound(bucket) > value || lowerBound(bucket + 1) <= value) fail(Failure.Lost);
}

/** One operation after the other: the bucket of each value, resets, slots, and what is freed. */
export function histogram_prove_alone(): void {
  begin();
  const H: usize = read(histogram);
  const NONE = <f64>i64.MAX_VALUE;
  expectEqual(kindOf(H), Kind.Histogram);
  expectEqual(blockBytes(H), 2 * CACHE_LINE);
  expectAll(0, 0, 0, NONE, -1);
  blockOf(H);
  expectAll(0, 0, 0, NONE, -1);
  if (lowerBound(128) != 128 || lowerBound(129) != 130 || lowerBound(192) != 256) fail(Failure.Lost);
  if (lowerBound(0) != 0 || lowerBound(1) != 1 || lowerBound(BUCKETS) != LARGEST + 1) fail(Failure.Lost);
  recordIn(H, 100, 100);
  expectAll(100, 1, 100, 100, 100);
  recordIn(H, 100, 100);
  expectAll(100, 2, 200, 100, 100);
  recordIn(H, 0, 0);
  recordIn(H, 1, 1);
  recordIn(H, 63, 63);
  recordIn(H, 64, 64);
  recordIn(H, 127, 127);
  expectAll(127, 1, 455, 0, 127);
  recordIn(H, 128, 128);
  recordIn(H, 128, 129);
  recordIn(H, 129, 130);
  recordIn(H, 191, 255);
  recordIn(H, 192, 256);
  recordIn(H, 192, 259);
  recordIn(H, 193, 260);
  expectAll(192, 2, 1872, 0, 260);
  recordIn(H, BUCKETS - 1, LARGEST);
  expectAll(BUCKETS - 1, 1, 1872 + LARGEST, 0, LARGEST);
  // A reset, after which the words of before say nothing, and are cleared by the next record.
  const B = blockOf(H);
  expectEqual(read(H + layout.epoch), 0);
  expectEqual(read(B + layout.epoch), 0);
  reset(H);
  expectEqual(epochOf(H), 1);
  expectEqual(read(H + layout.epoch), 1);
  expectAll(100, 0, 0, NONE, -1);
  blockOf(H);
  expectAll(100, 0, 0, NONE, -1);
  recordIn(H, 5, 5);
  expectEqual(<u32>blockOf(H), <u32>B);
  expectAll(5, 1, 5, 5, 5);
  expectAll(0, 0, 5, 5, 5);
  expectAll(100, 0, 5, 5, 5);
  expectAll(BUCKETS - 1, 0, 5, 5, 5);
  expectEqual(read(B + layout.epoch), 1);
  if (load<i64>(B + layout.counts + 5 * 8) != 1 || load<i64>(B + layout.sum) != 5) fail(Failure.Lost);
  if (load<i64>(B + layout.least) != 5 || load<i64>(B + layout.most) != 5) fail(Failure.Lost);
  // The last slot's block is another, made in this epoch.
  enterAs(SLOTS);
  recordIn(H, 6, 6);
  expectAll(6, 1, 11, 5, 6);
  recordIn(H, 4, 4);
  expectAll(4, 1, 15, 4, 6);
  const other: usize = read(H + layout.epoch + SLOTS * 4);
  expectEqual(<u32>other, <u32>blockOf(H));
  expectEqual(read(H + layout.epoch + 4), <u32>B);
  // What lies behind the last slot's word is no block of the histogram.
  const beyond = allocateLines(BUCKETS * 8);
  write(beyond + layout.epoch, 1);
  store<i64>(beyond + layout.sum, 1000);
  store<i64>(beyond + layout.most, 1000);
  store<i64>(beyond + layout.counts + 6 * 8, 1);
  write(H + layout.epoch + (SLOTS + 1) * 4, <u32>beyond);
  expectAll(6, 1, 15, 4, 6);
  // One for whose block there is no room.
  while (allocate(BUCKETS * 8 + CACHE_LINE) != 0) {}
  enterAs(2);
  if (record(H, 1)) fail(Failure.Lost);
  expectEqual(read(H + layout.epoch + 8), 0);
  expectEqual(identity(0), 1);
  expectAll(6, 1, 15, 4, 6);
  // Whatever the epoch is, it is no block.
  write(H + layout.epoch, <u32>beyond);
  releaseBlocks(H);
  expectEqual(blockBytes(B), 0);
  expectEqual(blockBytes(other), 0);
  if (blockBytes(beyond) == 0) fail(Failure.Lost);
  expectEqual(read(H + layout.epoch + 4), 0);
  expectEqual(read(H + layout.epoch + SLOTS * 4), 0);
  expectAll(6, 0, 0, NONE, -1);
}
