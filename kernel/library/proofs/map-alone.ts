/**
 * The SharedMap, proven where one operation follows the other: keys and when they are equal, conditions, placeholders, growth,
 * iteration, what is in limbo, and a space that is full.
 *
 *     SCENE | map | identity |
 */
import { read, write } from "../../atomics";
import { allocate } from "../allocator";
import { leaveObject } from "../existence";
import { ABSENT, after, create, find, has, IS_MADE, IS_NUMBER, next, numberAt, scratch, size } from "../map";
import {
  bits,
  counts,
  formOf,
  inLimbo,
  key,
  keyHeader,
  orderOf,
  PLACEHOLDER,
  partitionAt,
  partitionsOf,
  readLink,
  stamp,
  turns,
  valueAt,
  valueHeader,
} from "../map-layout";
import {
  ALWAYS,
  blockFor,
  clear,
  DONE,
  FULL,
  IF_ABSENT,
  IF_NOTHING,
  IF_NUMBER,
  IF_STAMP,
  OTHERWISE,
  put,
  remove,
} from "../map-write";
import { FREED, Kind, kindOf } from "../objects";
import { inside, my } from "../space";
import { begin, expect, expectEqual, fillSpace, prepareAlone, SCENE } from "./worker";

const map: usize = SCENE;
const identity: usize = SCENE + 4;

/** The bits of a NaN. */
const NAN: u64 = 0x7ff8000000000000;

// Forms.
const NUMBER_KEY: u32 = 0;
const LATIN1: u32 = 1;
const BYTES: u32 = 3;
const WORDS: u32 = 1;
/** Of a number, and 8 bytes. */
const NODE_BYTES: u32 = key + 16;

export function map_prove_alone_init(partitions: u32): void {
  prepareAlone(2);
  memory.grow(12);
  const M = create(partitions, 1, 2, 3, 4);
  write(map, <u32>M);
  write(identity, read(M));
}

/** A number as a key. */
function number(value: f64): usize {
  const A = scratch();
  store<u32>(A + keyHeader, (8 << 2) | NUMBER_KEY);
  store<f64>(A + key, value);
  return A;
}

/** The same byte, so often, and something behind. */
function bytes(form: u32, length: u32, byte: u32): usize {
  const A = scratch();
  store<u32>(A + keyHeader, (length << 2) | form);
  memory.fill(A + key, 0xee, 64);
  memory.fill(A + key, <u8>byte, length);
  return A;
}

function value(A: usize, form: u32, is: f64): void {
  store<u32>(A + valueHeader, (8 << 3) | form);
  store<f64>(valueAt(A), is);
}

function set(A: usize, form: u32, is: f64, condition: u32 = ALWAYS): u32 {
  value(A, form, is);
  return put(read(map), read(identity), A, false, condition);
}

function expectOutside(): void {
  expectEqual(read(my + inside), 0);
}

/** A number there, or 8 bytes. */
function expectThere(A: usize, form: u32, is: f64): void {
  const node = find(read(map), read(identity), A);
  if (form == 0) {
    expectEqual(<u32>node, IS_NUMBER);
    expect(load<f64>(A + inLimbo) == is);
  } else {
    expect(node > IS_MADE && node != FREED);
    expectEqual(formOf(node), form);
    expect(load<f64>(valueAt(node)) == is);
    expectEqual(read(my + inside), read(map));
    leaveObject();
  }
  expectEqual(has(read(map), read(identity), A), 1);
  expectOutside();
}

function expectAbsent(A: usize): void {
  expectEqual(<u32>find(read(map), read(identity), A), ABSENT);
  expectEqual(has(read(map), read(identity), A), 0);
  expectOutside();
}

function expectSize(entries: u32): void {
  expect(size(read(map), read(identity), 1) == <f64>entries && size(read(map), read(identity), 3) == <f64>entries);
  expectOutside();
}

export function map_prove_alone_keys(): void {
  begin();
  expect(kindOf(read(map)) == Kind.SharedMap);
  expectAbsent(number(0));
  expectEqual(set(number(-0.0), 0, 1), DONE);
  expectThere(number(0), 0, 1);
  expectEqual(set(number(NaN), 0, 2), DONE);
  store<u64>(number(0) + key, NAN + 1);
  expectThere(scratch(), 0, 2);
  expectEqual(set(number(1), 0, 3), DONE);
  expectSize(3);
  for (let length: u32 = 0; length < 18; length++) {
    expectEqual(set(bytes(LATIN1, length, 7), 0, 10 + length), DONE);
    expectEqual(set(bytes(BYTES, length, 7), WORDS, 40 + length), DONE);
  }
  expectSize(39);
  for (let length: u32 = 0; length < 18; length++) {
    expectThere(bytes(LATIN1, length, 7), 0, 10 + length);
    expectThere(bytes(BYTES, length, 7), WORDS, 40 + length);
    if (length > 0) expectAbsent(bytes(LATIN1, length, 8));
  }
  expectThere(number(0), 0, 1);
  // As long as a number is, with the same bits.
  store<f64>(bytes(BYTES, 8, 0) + key, 1);
  expectAbsent(scratch());
}

export function map_prove_alone_conditions(): void {
  begin();
  const A = scratch();
  expectEqual(set(number(1), 0, 5, IF_NUMBER), OTHERWISE);
  expectEqual(set(number(1), 0, 5, IF_STAMP), OTHERWISE);
  expectEqual(remove(read(map), read(identity), number(1), ALWAYS), OTHERWISE);
  expectAbsent(number(1));
  expectEqual(set(number(1), 0, 5, IF_NOTHING), DONE);
  expectEqual(set(number(1), 0, 6, IF_NOTHING), OTHERWISE);
  expectEqual(set(number(1), 0, 6, IF_ABSENT), OTHERWISE);
  expectThere(number(1), 0, 5);
  // A number, where it was: its node stays.
  store<f64>(A + stamp, 4);
  expectEqual(set(number(1), 0, 6, IF_NUMBER), OTHERWISE);
  store<f64>(A + stamp, 5);
  expectEqual(set(number(1), 0, 6, IF_NUMBER), DONE);
  expectThere(number(1), 0, 6);
  store<f64>(A + stamp, 5);
  expectEqual(remove(read(map), read(identity), number(1), IF_NUMBER), OTHERWISE);
  store<f64>(A + stamp, 6);
  expectEqual(set(number(1), WORDS, 7, IF_NUMBER), DONE);
  expectThere(number(1), WORDS, 7);
  let node = find(read(map), read(identity), number(1));
  const first = load<u64>(node + stamp);
  leaveObject();
  expectEqual(set(number(1), WORDS, 8), DONE);
  store<u64>(A + stamp, first);
  expectEqual(set(number(1), WORDS, 9, IF_STAMP), OTHERWISE);
  store<u64>(A + stamp, first);
  expectEqual(remove(read(map), read(identity), number(1), IF_STAMP), OTHERWISE);
  node = find(read(map), read(identity), number(1));
  expect(load<u64>(node + stamp) != first);
  store<u64>(A + stamp, load<u64>(node + stamp));
  leaveObject();
  expectThere(number(1), WORDS, 8);
  expectSize(1);
  expectEqual(remove(read(map), read(identity), number(1), IF_STAMP), DONE);
  expectAbsent(number(1));
  expectSize(0);
  // NaN is as it was.
  expectEqual(set(number(1), 0, NaN), DONE);
  store<f64>(A + stamp, NaN);
  expectEqual(set(number(1), 0, 1, IF_NUMBER), DONE);
  expectThere(number(1), 0, 1);
  // A placeholder is nothing for who looks, counts, deletes or clears.
  expectEqual(set(number(2), PLACEHOLDER, 3, IF_NOTHING), DONE);
  expectEqual(<u32>find(read(map), read(identity), number(2)), IS_MADE);
  node = load<u32>(A + inLimbo);
  store<u64>(A + stamp, load<u64>(node + stamp));
  leaveObject();
  expectEqual(has(read(map), read(identity), number(2)), 0);
  expectEqual(remove(read(map), read(identity), number(2), ALWAYS), OTHERWISE);
  expectEqual(set(number(2), 0, 3, IF_NOTHING), OTHERWISE);
  expectSize(1);
  expect(clear(read(map), read(identity)));
  expectOutside();
  expectSize(0);
  expectEqual(remove(read(map), read(identity), number(2), IF_STAMP), DONE);
  expectAbsent(number(2));
  expectEqual(set(number(2), PLACEHOLDER, 3, IF_NOTHING), DONE);
  expectEqual(set(number(2), 0, 3, IF_ABSENT), DONE);
  expectThere(number(2), 0, 3);
  expectSize(1);
  // In a block of its own, which is used, or freed.
  value(number(3), WORDS, 4);
  const block = blockFor(read(map), read(identity), A);
  memory.copy(block + key, A + key, 16);
  expectEqual(put(read(map), read(identity), block, true, ALWAYS), DONE);
  expectEqual(<u32>find(read(map), read(identity), number(3)), <u32>block);
  leaveObject();
  value(number(3), WORDS, 5);
  const another = blockFor(read(map), read(identity), A);
  memory.copy(another + key, A + key, 16);
  expectEqual(put(read(map), read(identity), another, true, IF_ABSENT), OTHERWISE);
  expectEqual(<u32>blockFor(read(map), read(identity), A), <u32>another);
  // Of another map, and of none.
  expectEqual(<u32>find(read(map), read(identity) + 1, number(3)), FREED);
  expectEqual(put(read(map), read(identity) + 1, number(3), false, ALWAYS), FREED);
  expectEqual(remove(read(map), read(identity) + 1, number(3), ALWAYS), FREED);
  expectEqual(has(read(map), read(identity) + 1, number(3)), FREED);
  expectEqual(<u32>after(read(map), read(identity) + 1, 0, 0), FREED);
  expect(!clear(read(map), read(identity) + 1) && size(read(map), read(identity) + 1, 1) == -1);
  expectOutside();
}

/** So many entries, of which one is a placeholder. */
export function map_prove_alone_many(count: u32): void {
  begin();
  const M: usize = read(map);
  for (let i: u32 = 0; i < count; i++) expectEqual(set(number(i), i & 1 ? WORDS : 0, i), DONE);
  expectEqual(set(number(-1), PLACEHOLDER, 1), DONE);
  expectSize(count);
  let buckets: u32 = 0;
  let seen: u32 = 0;
  let sum: f64 = 0;
  for (let p: u32 = 0; p < partitionsOf(M); p++) {
    const P = partitionAt(M, p);
    buckets += (<u32>1) << read(P + bits);
    // From node to node; and anew, behind each.
    let last: u32 = 0;
    for (let node = after(M, read(identity), p, 0); node != 0; node = next(node)) {
      const order = orderOf(readLink(node));
      expect(order > last && <bool>(order & 1));
      leaveObject();
      expectEqual(<u32>after(M, read(identity), p, last), <u32>node);
      last = order;
      if (formOf(node) == PLACEHOLDER) continue;
      seen++;
      if (formOf(node) == 0) sum += numberAt(node);
      else sum += load<f64>(valueAt(node));
    }
    leaveObject();
    expectEqual(<u32>after(M, read(identity), p, last), 0);
    expectOutside();
  }
  expect(seen == count && sum == (<f64>count * (count - 1)) / 2);
  // As many as there are entries: not half, and not twice.
  expect(buckets > count / 2 && buckets <= 2 * (count + partitionsOf(M)));
  // What is overwritten is freed after a few writes more.
  store<u32>(M + turns, 0);
  for (let turn: u32 = 0; turn < 3; turn++) {
    for (let i: u32 = 0; i < count; i++) expectEqual(set(number(i), WORDS, i + turn), DONE);
  }
  for (let p: u32 = 0; p < partitionsOf(M); p++) expect(limboOf(M, p) < (12 * NODE_BYTES) / 16);
  for (let i: u32 = 0; i < count; i++) expectThere(number(i), WORDS, i + 2);
  expect(clear(M, read(identity)));
  expectSize(0);
  for (let i: u32 = 0; i < count; i++) expectAbsent(number(i));
  for (let i: u32 = 0; i < count; i++) expectEqual(set(number(i), WORDS, i), DONE);
  for (let i: u32 = 0; i < count; i++) expectEqual(remove(M, read(identity), number(i), ALWAYS), DONE);
  expectSize(0);
  expectEqual(<u32>find(M, read(identity), number(-1)), IS_MADE);
  leaveObject();
}

function limboOf(M: usize, p: u32): u32 {
  return <u32>(atomic.load<u64>(partitionAt(M, p) + counts) >> 32);
}

/** A write without room changes nothing; what is in limbo is freed first. */
export function map_prove_alone_full(): void {
  begin();
  const M: usize = read(map);
  for (let i: u32 = 0; i < 4; i++) expectEqual(set(number(i), WORDS, i), DONE);
  fillSpace();
  while (allocate(NODE_BYTES) != 0) {}
  expectEqual(set(number(9), WORDS, 1), FULL);
  expectOutside();
  expectAbsent(number(9));
  expectSize(4);
  expectEqual(remove(M, read(identity), number(0), ALWAYS), DONE);
  expect(limboOf(M, 0) != 0);
  expectEqual(set(number(9), WORDS, 1), DONE);
  expectThere(number(9), WORDS, 1);
  expectEqual(limboOf(M, 0), 0);
  expectEqual(set(number(8), WORDS, 1), FULL);
  expectThere(number(3), WORDS, 3);
  value(number(8), WORDS, 1);
  expectEqual(<u32>blockFor(M, read(identity), scratch()), 0);
  expectEqual(remove(M, read(identity), number(1), ALWAYS), DONE);
  value(number(8), WORDS, 1);
  expect(blockFor(M, read(identity), scratch()) > FREED);
  expectOutside();
  expectEqual(<u32>blockFor(M, read(identity) + 1, scratch()), FREED);
}
