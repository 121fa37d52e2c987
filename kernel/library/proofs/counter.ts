/**
 * The counter, proven. All processors but the last add `turns` times, those of odd numbers negative amounts, and write
 * down how much they have begun to add, and have added; the last reads meanwhile. What a sum may be follows from what
 * was written down before and after.
 *
 *     SCENE | counter | turns | amount | slack | begun | added: one of 4 processors each |
 */
import { fetch_and_increment, read, write } from "../../atomics";
import { Failure, fail, invoke, processor, processors, result } from "../../machine";
import { blockBytes } from "../allocator";
import * as layout from "../counter";
import { add, addNumber, approximate, batchOf, compare, create, exact } from "../counter";
import { Kind, kindOf } from "../objects";
import { CACHE_LINE, enterAs, isSpace, workers } from "../space";
import { begin, expectEqual, prepareAlone, prepareWorkers, prove_death, SCENE } from "./worker";

const counter: usize = SCENE;
const turns: usize = SCENE + 4;
const amount: usize = SCENE + 8;
const slack: usize = SCENE + 12;
/** The sequential counter. */
const sequential: usize = SCENE + 16;
/** A word for adders to be done with their stores. */
const synchronized: usize = SCENE + 20;
const begun: usize = SCENE + 32;
const added: usize = SCENE + 64;

/** What is compared with. */
const LIMIT: i32 = 1;

export function counter_prove_init(turnsEach: u32, amountEach: u32, batch: u32): void {
  prepareWorkers();
  write(counter, <u32>create(batch));
  write(turns, turnsEach);
  write(amount, amountEach);
  write(slack, batch - 1);
}

export function counter_prove_run(): void {
  begin();
  const last = processors() - 1;
  if (processor() == last) look(last);
  else for (let turn: u32 = 0, all = read(turns); turn < all; turn++) addOnce(processor());
}

/** What processor `dead` executes instead, once it has died: its slot's next worker adds once more. */
export function counter_prove_death(dead: u32): void {
  prove_death(dead);
  enterAs(dead + 1);
  if (dead != processors() - 1) addOnce(dead);
}

function isNegative(p: u32): bool {
  return p % 2 == 1;
}

function addOnce(p: u32): void {
  write(begun + p * 4, read(begun + p * 4) + read(amount));
  add(read(counter), isNegative(p) ? -(<i32>read(amount)) : read(amount));
  write(added + p * 4, read(added + p * 4) + read(amount));
}

/** What the adders have written down, of those that add negative amounts or of the others. */
function total(words: usize, adders: u32, negative: bool): i32 {
  let sum: i32 = 0;
  for (let p: u32 = 0; p < adders; p++) if (isNegative(p) == negative) sum += read(words + p * 4);
  return sum;
}

/** Between what was added before and what was begun after, and the other way round for negative amounts. */
function look(adders: u32): void {
  const C = read(counter);
  const up = total(added, adders, false);
  const down = total(added, adders, true);
  const sum = <i32>exact(C);
  const sign = compare(C, LIMIT);
  const least = up - total(begun, adders, true);
  const most = total(begun, adders, false) - down;
  if (sum < least || sum > most) fail(Failure.Lost);
  if (sign > 0 ? most <= LIMIT : sign < 0 ? least >= LIMIT : least > LIMIT || most < LIMIT) fail(Failure.Lost);
}

/** When all have ended, or died and been repaired: nothing is lost, and the copies are as close as they should be. */
export function counter_prove_end(adders: u32): void {
  look(adders);
  const difference = exact(read(counter)) - approximate(read(counter));
  if (abs(difference) > adders * read(slack)) fail(Failure.Lost);
}

/** The largest amount that is counted. */
const SMALL: i32 = 1 << 30;

export function counter_prove_alone_init(batch: u32, slots: u32): void {
  prepareAlone(slots);
  write(counter, <u32>create(batch));
  write(amount, batch);
}

/** The words of a slot, and what is read of them all, as `other` was counted by others. */
function expectCounts(slot: u32, low: u32, copy: i64, large: i64, other: i64): void {
  const C: usize = read(counter);
  const line = C + slot * CACHE_LINE;
  const copies = C + (workers() + 1) * CACHE_LINE + slot * 16;
  expectEqual(read(line + layout.low), low);
  expectEqual(read(line + layout.published), <u32>copy);
  if (load<i64>(copies + layout.copy) != copy || load<i64>(copies + layout.large) != large) fail(Failure.Lost);
  const count = copy + <i32>(low - <u32>copy) + large;
  if (exact(C) != <f64>(count + other) || approximate(C) != <f64>(copy + large + other)) fail(Failure.Lost);
}

/** One addition after the other: what is published, and what is large, to the last unit. Slack is 3. */
export function counter_prove_alone(): void {
  begin();
  const C: usize = read(counter);
  const last = workers();
  expectEqual(kindOf(C), Kind.Counter);
  // 5 lines and 5 copies, no more; of the larger ones, blocks are larger, too.
  if (last == 4) expectEqual(blockBytes(C), 6 * CACHE_LINE);
  expectEqual(read(C + layout.slack), 3);
  expectEqual(batchOf(C), read(amount));
  expectEqual(batchOf(create(0)), max(2 * last, 32));
  // Behind the last slot's are no counts, and before the first one's nobody's.
  store<i64>(C + (last + 1) * (CACHE_LINE + 16), 5);
  const nobody = C + (last + 1) * CACHE_LINE;
  add(C, 3);
  expectCounts(1, 3, 0, 0, 0);
  add(C, 1);
  expectCounts(1, 4, 4, 0, 0);
  add(C, -3);
  expectCounts(1, 1, 4, 0, 0);
  add(C, -1);
  expectCounts(1, 0, 0, 0, 0);
  add(C, -4);
  expectCounts(1, <u32>-4, -4, 0, 0);
  add(C, 3);
  expectCounts(1, <u32>-1, -4, 0, 0);
  add(C, 3);
  expectCounts(1, 2, 2, 0, 0);
  add(C, SMALL);
  expectCounts(1, SMALL + 2, SMALL + 2, 0, 0);
  add(C, -SMALL);
  expectCounts(1, 2, 2, 0, 0);
  add(C, SMALL + 1);
  expectCounts(1, 2, 2, SMALL + 1, 0);
  add(C, -SMALL - 1);
  expectCounts(1, 2, 2, 0, 0);
  add(C, i32.MIN_VALUE);
  expectCounts(1, 2, 2, <i64>i32.MIN_VALUE, 0);
  addNumber(C, 2147483648);
  expectCounts(1, 2, 2, 0, 0);
  addNumber(C, 1e12);
  addNumber(C, -1);
  expectCounts(1, 2, 2, 999999999999, 0);
  addNumber(C, -999999999999);
  // Beyond 2^32, where the low half begins again.
  for (let i: u32 = 0; i < 4; i++) add(C, SMALL);
  expectCounts(1, 2, 4294967298, 0, 0);
  add(C, -2);
  add(C, -1);
  expectCounts(1, <u32>-1, 4294967298, 0, 0);
  add(C, -1);
  expectCounts(1, <u32>-2, 4294967294, 0, 0);
  add(C, 3);
  expectCounts(1, 1, 4294967294, 0, 0);
  expectEqual(compare(C, 4294967296), 1);
  expectEqual(compare(C, 4294967297), 0);
  expectEqual(compare(C, 4294967298), <u32>-1);
  add(C, -SMALL);
  add(C, -SMALL);
  add(C, -SMALL);
  add(C, -SMALL);
  expectCounts(1, 1, 1, 0, 0);
  // The last slot counts, too.
  enterAs(last);
  add(C, 5);
  expectCounts(last, 5, 5, 0, 1);
  enterAs(1);
  expectCounts(1, 1, 1, 0, 5);
  if (load<i64>(nobody) != 0 || load<i64>(nobody + 8) != 0) fail(Failure.Lost);
  // Until the space is full.
  while (create(1) != 0) {}
  expectEqual(isSpace() ? 1 : 0, 1);
}

/**
 * One processor adds an amount of its own kind three times, another reads: more between two of its looks than 32 bits
 * tell.
 */
export function counter_prove_far(): void {
  begin();
  const C: usize = read(counter);
  const each = <i32>read(amount);
  if (processor() == 0) {
    for (let turn: u32 = 0; turn < 3; turn++) add(C, each);
    return;
  }
  const sum = exact(C);
  for (let turn: u32 = 0; turn <= 3; turn++) if (sum == <f64>each * <f64>turn) return;
  fail(Failure.Torn);
}

/** With nothing published, and all that may be: a comparison is exact, whatever it is with. */
export function counter_prove_compare(): void {
  expectEqual(batchOf(create(0)), 32);
  const C = create(4);
  for (let slot: u32 = 1; slot <= workers(); slot++) {
    enterAs(slot);
    add(C, 3);
  }
  const sum: i32 = 3 * workers();
  if (exact(C) != <f64>sum || approximate(C) != 0) fail(Failure.Lost);
  for (let limit = -1; limit <= sum + 1; limit++) {
    if (compare(C, limit) != (sum < limit ? -1 : sum > limit ? 1 : 0)) fail(Failure.Lost);
  }
  // Nearer than what may be published the lines are read, and only then: one has a count that it cannot have.
  const line: usize = C + CACHE_LINE;
  store<u32>(line + layout.low, 1000);
  expectEqual(compare(C, sum), 1);
  expectEqual(compare(C, sum + 1), <u32>-1);
  store<u32>(line + layout.low, <u32>-1000);
  expectEqual(compare(C, -sum), <u32>-1);
  expectEqual(compare(C, -sum - 1), 1);
}

/**
 * The same, as operations of a sequential counter, which each history must be explained by: see counter_specification.
 */
export function counter_prove_units(): void {
  begin();
  const C = read(counter);
  for (let turn: u32 = 0, all = read(turns); turn < all; turn++) {
    if (processor() == processors() - 1) {
      invoke(Operation.Exact, 0);
      result(<u32>exact(C));
    } else {
      invoke(Operation.Add, read(amount));
      add(C, read(amount));
      fetch_and_increment(synchronized);
      result(0);
    }
  }
}

enum Operation {
  Add = 0,
  Exact = 1,
}

export function counter_specification(operation: u32, argument: u32): u32 {
  if (operation == Operation.Exact) return read(sequential);
  write(sequential, read(sequential) + argument);
  return 0;
}
