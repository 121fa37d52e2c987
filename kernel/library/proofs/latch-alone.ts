/**
 * The latch, proven where one operation follows the other: what each answers, and the words that it leaves, as
 * kernel/library/latch.ts draws them. One processor acts for the workers of slots 1 and 2, and for the guardian.
 *
 *     SCENE | latch | yes | no |
 *
 * What the compiler could know is kept in memory, so that it is the library's code that is executed, not a shorter one.
 */
import { read, write } from "../../atomics";
import { blockBytes } from "../allocator";
import { heldCount, hold } from "../holdings";
import * as latch from "../latch";
import { attempt, countDown, DONE, HOLDS_TOO_MANY, left, owedBy, promise, TOO_MANY_COUNTS } from "../latch";
import { unitsOf } from "../ledger";
import { ASYNCHRONOUS, FRESH, NOW, SLEPT } from "../lock-word";
import { Kind, kindOf } from "../objects";
import { sleepAddress, WAIT } from "../sleep";
import { cores, enterAs, identity, my, setCores, workers } from "../space";
import { begin, expect, expectEqual, fillSpace, holdTooMuch, letAllGo, prepareAlone, SCENE } from "./worker";

const latchOf: usize = SCENE;
const yes: usize = SCENE + 4;
const no: usize = SCENE + 8;

/** So that a latch ends with its block: 24 + 8 bytes, then 12 for each slot from 0 on. */
const SLOTS: u32 = 39;
const BYTES: u32 = 512;
const GUARDIAN: u32 = SLOTS + 1;
const COUNTS: u32 = 7;
/** Of an eventcount: marks, and what a wake adds. */
const SLEEPERS: u32 = 1;
const AWAITED: u32 = 2;
const WOKEN: u32 = 4;

export function latch_prove_alone_init(): void {
  prepareAlone(SLOTS);
  write(yes, 1);
  write(latchOf, <u32>latch.create(COUNTS));
}

/** What is left, what slot 1 and slot 2 have counted down, and up to which account each of them means to. */
function expectCounts(all: u32, first: u32, second: u32, firstMeans: u32, secondMeans: u32): void {
  const L = read(latchOf);
  expectEqual(read(L + latch.ledger), all);
  expect(unitsOf(L + latch.ledger, 1) == first && unitsOf(L + latch.ledger, 2) == second);
  expect(load<u32>(latch.promiseOf(L, 1)) == firstMeans && load<u32>(latch.promiseOf(L, 2)) == secondMeans);
}

/** Where those sleep who wait. */
function expectChanges(word: u32, rings: u32): void {
  expectEqual(read(read(latchOf) + latch.changes), word);
  expectEqual(read(read(latchOf) + latch.changes + 4), rings);
}

export function latch_prove_create(): void {
  begin();
  const L: usize = read(latchOf);
  expect(kindOf(L) == Kind.Latch && blockBytes(L) == BYTES);
  expect(latch.countsAtFirst(L) == COUNTS && left(L) == COUNTS && !latch.isAbandoned(L));
  expectCounts(COUNTS, 0, 0, 0, 0);
  expectEqual(<u32>(latch.promiseOf(L, SLOTS) + 4), <u32>L + BYTES);
  // Where there is no room, what would be its words, at address 0, are the space's.
  fillSpace();
  setCores(5);
  const half = identity(0);
  while (latch.create(COUNTS) != 0) {}
  expect(cores() == 5 && identity(0) == half && workers() == SLOTS);
}

export function latch_prove_counting(): void {
  begin();
  const L: usize = read(latchOf);
  expectEqual(attempt(L, NOW), WAIT);
  expectChanges(0, 0);
  expect(attempt(L, FRESH) == WAIT && sleepAddress == <u32>L + latch.changes);
  expectChanges(SLEEPERS, 0);
  expect(attempt(L, ASYNCHRONOUS) == WAIT && sleepAddress == <u32>L + latch.changes + 4);
  expectChanges(SLEEPERS | AWAITED, 0);
  // Promised in two parts, which are listed once.
  expectEqual(owedBy(L, 1), 0);
  expectEqual(promise(L, 8), TOO_MANY_COUNTS);
  expectEqual(promise(L, 2), DONE);
  expectCounts(7, 0, 0, 2, 0);
  expectEqual(heldCount(my), 1);
  expectEqual(promise(L, 6), TOO_MANY_COUNTS);
  expectEqual(promise(L, 1), DONE);
  expectCounts(7, 0, 0, 3, 0);
  expect(heldCount(my) == 1 && owedBy(L, 1) == 3 && owedBy(L, 2) == 0);
  holdTooMuch();
  expect(promise(L, 1) == HOLDS_TOO_MANY && countDown(L, 1) == HOLDS_TOO_MANY);
  letAllGo();
  expectCounts(7, 0, 0, 3, 0);
  expectEqual(heldCount(my), 1);
  // Counted down in parts, too; with the last one, the listing ends.
  expectEqual(countDown(L, 8), TOO_MANY_COUNTS);
  expectEqual(heldCount(my), 1);
  expectEqual(countDown(L, 1), DONE);
  expectCounts(6, 1, 0, 3, 0);
  expect(heldCount(my) == 1 && owedBy(L, 1) == 2);
  // To promise all that is left is to promise as many as before, and more.
  expectEqual(promise(L, 5), TOO_MANY_COUNTS);
  expectEqual(promise(L, 1), DONE);
  expectCounts(6, 1, 0, 4, 0);
  expectEqual(countDown(L, 2), DONE);
  expectEqual(heldCount(my), 1);
  expectEqual(countDown(L, 1), DONE);
  expectCounts(3, 4, 0, 4, 0);
  expect(heldCount(my) == 0 && owedBy(L, 1) == 0);
  // What was promised by nobody can be counted down, too; what else is listed stays so.
  hold(L);
  expectEqual(countDown(L, 1), DONE);
  expectCounts(2, 5, 0, 4, 0);
  expect(heldCount(my) == 1 && owedBy(L, 1) == 0);
  enterAs(2);
  expectEqual(promise(L, 1), DONE);
  expectCounts(2, 5, 0, 4, 1);
  expectChanges(SLEEPERS | AWAITED, 0);
  // More than it owes; nothing is left, which wakes all.
  expectEqual(countDown(L, 2), DONE);
  expectCounts(0, 5, 2, 4, 1);
  expect(heldCount(my) == 0 && owedBy(L, 2) == 0);
  expectChanges(WOKEN, 1);
  expect(attempt(L, FRESH) == DONE && attempt(L, SLEPT) == DONE && attempt(L, ASYNCHRONOUS) == DONE);
  expectChanges(WOKEN, 1);
  expect(promise(L, 1) == TOO_MANY_COUNTS && countDown(L, 1) == TOO_MANY_COUNTS);
  expectCounts(0, 5, 2, 4, 1);
  expectEqual(heldCount(my), 0);
  expectEqual(<u32>latch.isAbandoned(L), read(no));
}

/** Deaths, and freeing it. */
export function latch_prove_repairs(): void {
  begin();
  const L: usize = read(latchOf);
  expectEqual(promise(L, 2), DONE);
  expectEqual(countDown(L, 1), DONE);
  enterAs(2);
  expectEqual(promise(L, 6), DONE);
  enterAs(GUARDIAN);
  // It owes nothing.
  latch.repair(L, 3);
  expectCounts(6, 1, 0, 2, 6);
  expectEqual(<u32>latch.isAbandoned(L), read(no));
  expectChanges(WOKEN, 1);
  latch.repair(L, 1);
  expectCounts(5, 2, 0, 0, 6);
  expectEqual(read(L + latch.abandoned), 1);
  expectEqual(<u32>latch.isAbandoned(L), read(yes));
  expectChanges(2 * WOKEN, 2);
  // Less is left than it owes.
  latch.repair(L, 2);
  expectCounts(0, 2, 5, 0, 0);
  expectChanges(3 * WOKEN, 3);
  latch.wakeAllOf(L);
  expectCounts(0, 2, 5, 0, 0);
  expectChanges(4 * WOKEN, 4);
}

/** No more is counted down for the dead than they have promised, slot 1 twice. */
export function latch_prove_no_more(): bool {
  return unitsOf(read(latchOf) + latch.ledger, 1) <= 2;
}
