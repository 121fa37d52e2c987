/**
 * Steps of one worker with a SharedCache, for proofs: after each, all is whole (cache-rings.ts), and the worker is outside.
 *
 *     SCENE | cache | identity |
 */
import { read, write } from "../../atomics";
import { ABSENT, COUNTED, create, find } from "../cache";
import { expiry, PLACE_BYTES } from "../cache-layout";
import { put, remove } from "../cache-write";
import { leaveObject } from "../existence";
import { scratch } from "../map";
import { key, keyHeader, valueAt, valueHeader } from "../map-layout";
import { ALWAYS } from "../map-write";
import { FREED } from "../objects";
import { inside, my } from "../space";
import { expectWhole } from "./cache-rings";
import { expect, expectEqual, prepareAlone, SCENE } from "./worker";

export const cache: usize = SCENE;
export const identity: usize = SCENE + 4;

/** A form. */
export const WORDS: u32 = 1;
export const ERROR: u32 = 4;
/** Of a node with a number as its key, and 8 bytes. */
export const NODE_BYTES: u32 = key + 8 + PLACE_BYTES + 8;
export const UNITS: u32 = NODE_BYTES / 16;
const SLOTS: u32 = 1024;
/** No value. */
export const NONE: f64 = -1;

export function cache_prove_alone_init(partitions: u32, entries: u32, units: u32): void {
  prepareAlone(2);
  memory.grow(12);
  const C = create(partitions, SLOTS, units, entries, 1, 2, 3, 4);
  write(cache, <u32>C);
  write(identity, read(C));
}

/** A number as a key. */
export function number(is: u32): usize {
  const A = scratch();
  store<u32>(A + keyHeader, 8 << 2);
  store<f64>(A + key, is);
  return A;
}

export function value(A: usize, is: f64, until: f64, form: u32, bytes: u32): void {
  store<u32>(A + valueHeader, ((PLACE_BYTES + bytes) << 3) | form);
  store<f64>(valueAt(A) + expiry, until);
  store<f64>(valueAt(A) + PLACE_BYTES, is);
}

/** Results, and all is whole. */
export function set(
  A: usize,
  is: f64,
  until: f64 = Infinity,
  condition: u32 = ALWAYS,
  now: f64 = 0,
  form: u32 = WORDS,
  bytes: u32 = 8,
): u32 {
  value(A, is, until, form, bytes);
  const result = put(read(cache), read(identity), A, false, condition, now);
  expectOutside();
  expectWhole(read(cache));
  return result;
}

/** Of so many bytes. */
export function setLong(which: u32, bytes: u32): u32 {
  return set(number(which), which, Infinity, ALWAYS, 0, WORDS, bytes);
}

export function drop(A: usize, condition: u32 = ALWAYS): u32 {
  const result = remove(read(cache), read(identity), A, condition);
  expectOutside();
  expectWhole(read(cache));
  return result;
}

export function expectOutside(): void {
  expectEqual(read(my + inside), 0);
}

/** A value, or NONE; what it is for, as `find`. */
export function look(which: u32, now: f64 = 0, what: u32 = COUNTED, kept: u32 = 0): f64 {
  const node = find(read(cache), read(identity), number(which), now, what, kept);
  expect(node != FREED);
  if (node == ABSENT) {
    expectOutside();
    return NONE;
  }
  expectEqual(read(my + inside), read(cache));
  const is = load<f64>(valueAt(node) + PLACE_BYTES);
  leaveObject();
  return is;
}

export function isThere(which: u32): bool {
  return look(which, 0, 0) != NONE;
}
