/**
 * The SharedCache, proven where one operation follows the other: who leaves, exactly, for other entries and for units; and times.
 */
import { read } from "../../atomics";
import { COUNTED, evictionsOf, find, HITS, MISSES, STALE, STALE_TOO, sumOf, unitsIn } from "../cache";
import { frequency, main, nextPlace, nodeOf, PLACE_BYTES, placeOf, previousOf, small } from "../cache-layout";
import { blockFor, put } from "../cache-write";
import { leaveObject } from "../existence";
import { size } from "../map";
import { key, partitionAt } from "../map-layout";
import { ALWAYS, DONE, FULL, OTHERWISE } from "../map-write";
import { Kind, kindOf } from "../objects";
import { expectWhole } from "./cache-rings";
import {
  cache,
  drop,
  expectOutside,
  identity,
  isThere,
  look,
  NONE,
  number,
  set,
  setLong,
  UNITS,
  value,
  WORDS,
} from "./cache-steps";
import { begin, expect, expectEqual } from "./worker";

function keyAt(place: usize): u32 {
  return <u32>load<f64>(nodeOf(place) + key);
}

/** What a queue has, the next to leave first: keys as hexadecimal digits, the last digit first. */
function expectQueue(queue: u32, keys: u64): void {
  const P = partitionAt(read(cache), 0);
  let rest = keys;
  for (let place = nextPlace(P + queue); place != P + queue; place = nextPlace(place)) {
    expectEqual(keyAt(place), <u32>(rest & 15));
    rest >>= 4;
  }
  expect(rest == 0);
}

function expectQueues(inSmall: u64, inMain: u64): void {
  expectQueue(small, inSmall);
  expectQueue(main, inMain);
}

function frequencyOf(which: u32): u32 {
  const node = find(read(cache), read(identity), number(which), 0, 0, 0);
  const is = read(placeOf(node) + frequency);
  leaveObject();
  return is;
}

/** Of ten entries. */
export function cache_prove_alone_order(): void {
  begin();
  expect(kindOf(read(cache)) == Kind.SharedCache);
  for (let k: u32 = 1; k <= 10; k++) expectEqual(set(number(k), k), DONE);
  expectQueues(0xa987654321, 0);
  // Looked for once: it leaves. Twice: it comes into `main`.
  look(1);
  for (let times = 0; times < 2; times++) look(2);
  for (let times = 0; times < 5; times++) look(3);
  expect(frequencyOf(1) == 1 && frequencyOf(2) == 2 && frequencyOf(3) == 3);
  expectEqual(set(number(11), 11), DONE);
  expectQueues(0xba98765432, 0);
  expectEqual(set(number(12), 12), DONE);
  expectQueues(0xcba98765, 0x32);
  expect(frequencyOf(2) == 0 && frequencyOf(3) == 0);
  expect(!isThere(1) && !isThere(4) && evictionsOf(read(cache)) == 2);
  // What left `small` lately comes into `main`; 5 is next to leave.
  expectEqual(set(number(1), 1), DONE);
  expectQueues(0xcba9876, 0x132);
  expectEqual(set(number(13), 13), DONE);
  expectQueues(0xdcba987, 0x132);
  // What is looked for without counting stays where it is; and what is replaced, with its frequency.
  look(7);
  look(7);
  expectEqual(set(number(7), 70), DONE);
  expectEqual(set(number(9), 90), DONE);
  expectQueues(0xdcba987, 0x132);
  expect(look(7, 0, 0) == 70 && frequencyOf(7) == 2 && frequencyOf(9) == 0);
  expectEqual(set(number(3), 30), DONE);
  expectQueues(0xdcba987, 0x132);
  expectEqual(set(number(14), 14), DONE);
  expectQueues(0xedcba9, 0x7132);
  // The last but one, the first and the last of a queue are deleted.
  expectEqual(drop(number(13)), DONE);
  expectQueues(0xecba9, 0x7132);
  expectEqual(drop(number(9)), DONE);
  expectEqual(drop(number(14)), DONE);
  expectQueues(0xcba, 0x7132);
  expectEqual(drop(number(7)), DONE);
  expectEqual(drop(number(10)), DONE);
  expectEqual(drop(number(12)), DONE);
  expectQueues(0xb, 0x132);
  expectEqual(drop(number(11)), DONE);
  expectEqual(drop(number(11)), OTHERWISE);
  expectQueues(0, 0x132);
  expect(size(read(cache), read(identity), 2) == 3 && unitsIn(read(cache)) == 3 * UNITS);
}

/** Of twenty entries: the rest are in `main`, where each look gives one turn more. */
export function cache_prove_alone_turns(): void {
  begin();
  const P = partitionAt(read(cache), 0);
  for (let k: u32 = 0; k < 20; k++) {
    expectEqual(set(number(k), k), DONE);
    look(k);
    look(k);
  }
  // All but one come into `main`, in more than one section, until `small` has less than a tenth.
  expectEqual(set(number(20), 20), DONE);
  expect(!isThere(0) && isThere(1) && isThere(20) && evictionsOf(read(cache)) == 1);
  expectEqual(keyAt(nextPlace(P + small)), 19);
  expectEqual(keyAt(nextPlace(nextPlace(P + small))), 20);
  // 19 comes into `main`; then the first one of `main` leaves that nobody has looked for.
  for (let k: u32 = 1; k < 20; k++) if (k != 5) look(k);
  look(1);
  look(20);
  expectEqual(set(number(21), 21), DONE);
  expect(!isThere(5) && isThere(20));
  // 1 had two turns, 2 to 4 one; they stand behind 19.
  expect(frequencyOf(1) == 1 && frequencyOf(2) == 0 && frequencyOf(4) == 0 && frequencyOf(6) == 1);
  expectEqual(keyAt(nextPlace(P + main)), 6);
  // What left `main` is no ghost.
  expectEqual(set(number(5), 5), DONE);
  expectEqual(keyAt(previousOf(P + small)), 5);
}

/** Of eleven entries: just less than a tenth is in `small`; and ghosts, until they are as old as there are entries. */
export function cache_prove_alone_parts(): void {
  begin();
  const P = partitionAt(read(cache), 0);
  for (let k: u32 = 1; k <= 11; k++) {
    expectEqual(set(number(k), k), DONE);
    if (k == 11) continue;
    look(k);
    look(k);
  }
  expectEqual(set(number(12), 12), DONE);
  expectQueues(0xcb, 0xa98765432);
  // One after the other leaves `small`: 11 first, 22 last.
  for (let k: u32 = 13; k <= 24; k++) expectEqual(set(number(k), k), DONE);
  expect(evictionsOf(read(cache)) == 13 && isThere(23) && !isThere(22));
  expectEqual(set(number(11), 11), DONE);
  expectEqual(keyAt(previousOf(P + small)), 11);
  expectEqual(set(number(13), 13), DONE);
  expectEqual(keyAt(previousOf(P + small)), 13);
  expectEqual(set(number(15), 15), DONE);
  expectEqual(keyAt(previousOf(P + main)), 15);
}

/** Queues of one and of two, which are the first and the last at once. */
export function cache_prove_alone_few(): void {
  begin();
  expectEqual(set(number(1), 1), DONE);
  expectQueues(0x1, 0);
  expectEqual(set(number(1), 2), DONE);
  expectQueues(0x1, 0);
  look(1);
  look(1);
  expectEqual(set(number(2), 2), DONE);
  expectEqual(set(number(3), 3), DONE);
  expectQueues(0x3, 0x1);
  look(3);
  look(3);
  look(1);
  expectEqual(set(number(4), 4), DONE);
  // 3 has come behind 1; 4 finds no other in `small`, and 1 had been looked for.
  expectQueues(0x4, 0x1);
  expectEqual(drop(number(4)), DONE);
  // 2 had left `small`.
  expectEqual(set(number(2), 5), DONE);
  expectQueues(0, 0x21);
  expectEqual(set(number(1), 6), DONE);
  expectEqual(set(number(2), 7), DONE);
  expectQueues(0, 0x21);
  expectEqual(drop(number(1)), DONE);
  expectQueues(0, 0x2);
  expectEqual(set(number(2), 8), DONE);
  expectEqual(set(number(3), 9), DONE);
  expectQueues(0x3, 0x2);
  expectEqual(drop(number(2)), DONE);
  expectEqual(drop(number(3)), DONE);
  expectQueues(0, 0);
}

/** Of 40 units: eight short entries. */
export function cache_prove_alone_bounds(): void {
  begin();
  const C: usize = read(cache);
  for (let k: u32 = 1; k <= 8; k++) expectEqual(setLong(k, 8), DONE);
  expectQueues(0x87654321, 0);
  expect(unitsIn(C) == 40 && evictionsOf(C) == 0);
  // As long as there is; one longer than it, and one shorter.
  expectEqual(setLong(8, 8), DONE);
  expectEqual(setLong(8, 1), DONE);
  expect(unitsIn(C) == 40 && evictionsOf(C) == 0);
  expectEqual(setLong(8, 9), DONE);
  expectQueues(0x8765432, 0);
  expect(unitsIn(C) == 36 && evictionsOf(C) == 1);
  expectEqual(setLong(9, 3 * 16 + 8), DONE);
  expectQueues(0x9876543, 0);
  expect(unitsIn(C) == 39);
  // In `main` units are counted, too.
  look(3);
  look(3);
  expectEqual(setLong(9, 16 * 16 + 8), DONE);
  expectQueues(0x987, 0x3);
  expect(unitsIn(C) == 37);
  expectEqual(setLong(3, 5 * 16 + 8), DONE);
  expectQueues(0x98, 0x3);
  expectEqual(setLong(3, 8), DONE);
  expectQueues(0x98, 0x3);
  expect(unitsIn(C) == 32);
  // What leaves may be what is to be replaced.
  expectEqual(setLong(9, 35 * 16 + 8), DONE);
  expectQueues(0, 0x9);
  expect(unitsIn(C) == 40);
  // Nobody leaves for what is longer than the bound.
  expectEqual(setLong(10, 35 * 16 + 9), FULL);
  expectQueues(0, 0x9);
  expect(unitsIn(C) == 40 && size(C, read(identity), 1) == 1);
  expectEqual(setLong(1, 8), DONE);
  // In a block of its own.
  const A = number(2);
  value(A, 2, Infinity, WORDS, 8);
  const block = blockFor(C, read(identity), A, 0);
  expectOutside();
  memory.copy(block + key, A + key, 16 + PLACE_BYTES);
  expectEqual(put(C, read(identity), block, true, ALWAYS, 0), DONE);
  expect(look(2) == 2 && expectWhole(C) == 2);
  expectEqual(<u32>find(C, read(identity), number(2), 0, 0, 0), <u32>block);
  leaveObject();
  // Many, of all lengths: no bound is passed.
  for (let k: u32 = 1; k < 200; k++) {
    expectEqual(setLong((k * 7) % 15, (k * 37) % 500), DONE);
    if (k % 3 == 0) look((k * 5) % 15);
    if (k % 5 == 0) drop(number((k * 11) % 15));
  }
}

/** What has ended is not there, and leaves before what was looked for. */
export function cache_prove_alone_times(): void {
  begin();
  const C: usize = read(cache);
  expectEqual(set(number(1), 1, 10), DONE);
  expectEqual(set(number(2), 2), DONE);
  expectEqual(set(number(3), 3, 20), DONE);
  for (let times = 0; times < 3; times++) {
    look(1, 5);
    look(2, 5);
    look(3, 5);
  }
  expect(sumOf(C, HITS) == 9 && sumOf(C, MISSES) == 0 && sumOf(C, STALE) == 0);
  expect(look(1, 9) == 1 && look(1, 10) == NONE && look(1, 11) == NONE);
  expect(sumOf(C, HITS) == 10 && sumOf(C, MISSES) == 2);
  expect(look(1, 11, COUNTED | STALE_TOO) == 1 && look(2, 11, COUNTED | STALE_TOO) == 2);
  expect(look(1, 11, STALE_TOO) == 1 && sumOf(C, HITS) == 11 && sumOf(C, STALE) == 1 && sumOf(C, MISSES) == 2);
  // Although it was looked for. It is no ghost; and what is behind it stays.
  expectEqual(set(number(4), 4, Infinity, ALWAYS, 15), DONE);
  expectQueues(0x432, 0);
  expectEqual(set(number(1), 1, Infinity, ALWAYS, 25), DONE);
  expectQueues(0x14, 0x2);
  // In `main`, too.
  expectEqual(set(number(2), 2, 30), DONE);
  look(2, 26);
  expectEqual(drop(number(4)), DONE);
  expectEqual(drop(number(1)), DONE);
  for (let k: u32 = 5; k <= 6; k++) {
    expectEqual(set(number(k), k), DONE);
    look(k);
    look(k);
  }
  expectQueues(0x65, 0x2);
  expectEqual(set(number(9), 9, Infinity, ALWAYS, 30), DONE);
  expectQueues(0x9, 0x65);
  // A time that is set anew.
  expectEqual(set(number(9), 9, 5), DONE);
  expectEqual(set(number(9), 9, 50), DONE);
  expect(look(9, 49) == 9);
}
