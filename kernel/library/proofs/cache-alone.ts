/**
 * The SharedCache, proven where one operation follows the other: conditions, versions, counts, what is cleared, and a space
 * that is full.
 */
import { read, write } from "../../atomics";
import { allocate, release } from "../allocator";
import {
  ABSENT,
  add,
  COUNTED,
  ERRORS,
  ERRORS_TOO,
  evictionsOf,
  find,
  HITS,
  isLoading,
  KEPT,
  LOADS,
  MISSES,
  STALE_TOO,
  sumOf,
  unitsIn,
} from "../cache";
import { loading } from "../cache-layout";
import { blockFor, clear, IF_VERSION, put, remove } from "../cache-write";
import { leaveObject } from "../existence";
import { freeObject } from "../free";
import { scratch, size } from "../map";
import { counts, formOf, inLimbo, LOADING, partitionAt, partitionsOf, stamp, turns, valueHeader } from "../map-layout";
import { ALWAYS, DONE, FULL, IF_ABSENT, OTHERWISE, put as putInMap } from "../map-write";
import { FREED } from "../objects";
import { expectWhole } from "./cache-rings";
import {
  cache,
  drop,
  ERROR,
  expectOutside,
  identity,
  isThere,
  look,
  NODE_BYTES,
  NONE,
  number,
  set,
  setLong,
  UNITS,
  value,
  WORDS,
} from "./cache-steps";
import { blocksInUse } from "./map-blocks";
import { begin, expect, expectEqual, fillSpace } from "./worker";

export function cache_prove_alone_conditions(): void {
  begin();
  const C: usize = read(cache);
  const A = scratch();
  // Errors are for who asks.
  expectEqual(set(number(1), 1, Infinity, ALWAYS, 0, ERROR), DONE);
  expect(look(1) == NONE && look(1, 0, STALE_TOO) == NONE && look(1, 0, ERRORS_TOO) == 1);
  expect(look(1, 0, COUNTED | ERRORS_TOO) == 1 && sumOf(C, MISSES) == 1 && sumOf(C, HITS) == 1);
  // Versions.
  const first = versionOf(1);
  expect(!(first & 1));
  expectEqual(set(number(1), 2), DONE);
  const second = versionOf(1);
  expect(second != first && !(second & 1));
  store<u32>(A + stamp, first);
  expectEqual(set(number(1), 3, Infinity, IF_VERSION), OTHERWISE);
  store<u32>(A + stamp, second);
  expectEqual(set(number(1), 3, Infinity, IF_VERSION), DONE);
  expect(look(1) == 3);
  store<u32>(A + stamp, second);
  expectEqual(set(number(1), 4, Infinity, IF_VERSION), OTHERWISE);
  const third = versionOf(1);
  expectEqual(drop(number(1)), DONE);
  const fourth = versionOf(1);
  expect(fourth != third && !(fourth & 1));
  expectEqual(drop(number(1)), OTHERWISE);
  const fifth = versionOf(1);
  expect(fifth != fourth && !(fifth & 1));
  store<u32>(A + stamp, fourth);
  expectEqual(set(number(1), 4, Infinity, IF_VERSION), OTHERWISE);
  store<u32>(A + stamp, fifth);
  expectEqual(set(number(1), 4, Infinity, IF_VERSION), DONE);
  expectEqual(set(number(1), 5, Infinity, IF_ABSENT), OTHERWISE);
  expect(look(1) == 4);
  // Of others.
  const another = versionOf(2);
  expectEqual(set(number(1), 5), DONE);
  expectEqual(versionOf(2), another);
  // One that a death has left odd.
  const place = load<u32>(A + inLimbo);
  write(place, another + 1);
  store<u32>(A + stamp, another + 1);
  expectEqual(set(number(2), 1, Infinity, IF_VERSION), DONE);
  expectEqual(versionOf(2), another + 2);
  // Counts.
  add(C, LOADS, 3);
  add(C, ERRORS, 2);
  look(1, 0, 0, 5);
  expect(sumOf(C, KEPT) == 5 && sumOf(C, LOADS) == 3 && sumOf(C, ERRORS) == 2);
  // Loads.
  expect(!isLoading(C, read(identity)));
  const L: usize = load<u32>(C + loading);
  store<u32>(number(7) + valueHeader, (8 << 3) | LOADING);
  expectEqual(putInMap(L, load<u32>(C + loading + 4), A, false, ALWAYS), DONE);
  expect(isLoading(C, read(identity)) && !isLoading(C, read(identity) + 1));
  expectOutside();
  // Of another, and of none.
  expectEqual(<u32>find(C, read(identity) + 1, number(1), 0, 0, 0), FREED);
  expectEqual(put(C, read(identity) + 1, number(1), false, ALWAYS, 0), FREED);
  expectEqual(remove(C, read(identity) + 1, number(1), ALWAYS), FREED);
  expectEqual(<u32>blockFor(C, read(identity) + 1, number(1), 0), FREED);
  expect(!clear(C, read(identity) + 1));
  expectOutside();
}

function versionOf(which: u32): u32 {
  const node = find(read(cache), read(identity), number(which), 0, 0, 0);
  if (node != ABSENT) leaveObject();
  return load<u32>(scratch() + inLimbo, 4);
}

/** Of many entries in some partitions. */
export function cache_prove_alone_clear(count: u32): void {
  begin();
  const C: usize = read(cache);
  store<u32>(C + turns, 0);
  for (let k: u32 = 0; k < count; k++) {
    value(number(k), k, Infinity, WORDS, 8);
    expectEqual(put(C, read(identity), scratch(), false, ALWAYS, 0), DONE);
  }
  expectEqual(expectWhole(C), count);
  expect(unitsIn(C) == count * UNITS && evictionsOf(C) == 0);
  for (let k: u32 = 0; k < count; k++) expect(look(k) == k);
  const there = versionOf(1);
  const absent = versionOf(count);
  expect(clear(C, read(identity)));
  expectOutside();
  expectEqual(expectWhole(C), 0);
  expect(unitsIn(C) == 0 && size(C, read(identity), 1) == 0);
  for (let k: u32 = 0; k < count; k++) expect(!isThere(k));
  expect(versionOf(1) != there && !(versionOf(1) & 1) && versionOf(count) != absent && !(versionOf(count) & 1));
  for (let turn: u32 = 0; turn < 2; turn++) {
    for (let k: u32 = 0; k < count; k++) {
      value(number(k), k, Infinity, WORDS, 8);
      expectEqual(put(C, read(identity), scratch(), false, ALWAYS, 0), DONE);
    }
  }
  expectEqual(expectWhole(C), count);
  // What was taken out is freed after a few writes more.
  for (let p: u32 = 0; p < partitionsOf(C); p++) {
    expect(<u32>(atomic.load<u64>(partitionAt(C, p) + counts) >> 32) < 12 * UNITS);
  }
  // All is freed with it.
  const L: usize = load<u32>(C + loading);
  expect(freeObject(L, load<u32>(C + loading + 4)) && freeObject(C, read(identity)));
  expectEqual(blocksInUse(), 0);
}

/** Others leave for what finds no room in the space, unless it is longer than all that could leave. */
export function cache_prove_alone_full(): void {
  begin();
  const C: usize = read(cache);
  for (let k: u32 = 0; k < 4; k++) expectEqual(set(number(k), k), DONE);
  fillSpace();
  const some = allocate(NODE_BYTES);
  while (allocate(NODE_BYTES) != 0) {}
  expectEqual(setLong(5, 400), FULL);
  value(number(5), 5, Infinity, WORDS, 400);
  expectEqual(<u32>blockFor(C, read(identity), scratch(), 0), 0);
  expectOutside();
  expect(size(C, read(identity), 1) == 4 && evictionsOf(C) == 0);
  // There is no room although all have left.
  expectEqual(setLong(5, 100), FULL);
  expect(size(C, read(identity), 1) == 0 && evictionsOf(C) == 4);
  while (allocate(NODE_BYTES) != 0) {}
  expectEqual(set(number(6), 6), FULL);
  release(some);
  expectEqual(set(number(6), 6), DONE);
  expectEqual(formOf(find(C, read(identity), number(6), 0, 0, 0)), WORDS);
  leaveObject();
  // It leaves for another.
  expectEqual(set(number(4), 4), DONE);
  expect(look(4) == 4 && size(C, read(identity), 1) == 1 && evictionsOf(C) == 5);
  value(number(7), 7, Infinity, WORDS, 8);
  expect(blockFor(C, read(identity), scratch(), 0) > FREED);
  expectOutside();
}
