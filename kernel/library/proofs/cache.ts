/**
 * The SharedCache, proven: each processor has a script, four operations of a byte each. Where nobody has to leave, what they
 * answer is compared with `cache_prove_model`, one operation at a time. Where somebody has, a look finds nothing, or a value
 * that is not older than the key's last write that had ended; whose values rise. Each value is written twice.
 *
 *     SCENE      | cache | identity | spins | rises | script of each | ... | of each key: the least value
 *     later      | kept by each: of each key, where its version is | what that was | value |
 *     operation  | key: 2 bits | value: 3 | what: 3 |
 *
 * There is one partition, so that all meet. At first, key 1 has the value 1, and whatever the script before has done.
 * Values from 4 on are longer. What a worker keeps, it keeps as packages/library/src/cache/first-level.ts does.
 */
import { read, write } from "../../atomics";
import { Failure, fail, invoke, processor, processors, result } from "../../machine";
import { allocate, release } from "../allocator";
import { ABSENT, COUNTED, create, find } from "../cache";
import { expiry, loading, PLACE_BYTES } from "../cache-layout";
import { clear, IF_VERSION, put, remove } from "../cache-write";
import { leaveObject } from "../existence";
import { freeObject } from "../free";
import { scratch } from "../map";
import { inLimbo, key, keyHeader, partitionAt, stamp, turns, valueAt, valueHeader } from "../map-layout";
import { ALWAYS, DONE, OTHERWISE } from "../map-write";
import { FREED } from "../objects";
import { neverBlock } from "../sleep";
import { CACHE_LINE, enterAs } from "../space";
import { expectWhole, isWithinBounds } from "./cache-rings";
import { blocksBesideList, blocksInUse } from "./map-blocks";
import { begin, expect, expectNothingHeld, prepareWorkers, SCENE } from "./worker";

const cache: usize = SCENE;
const identity: usize = SCENE + 4;
/** Whether who finds the guard taken looks until it is free, instead of sleeping: far fewer states. */
const spins: usize = SCENE + 8;
/** Whether values rise: `least` is written then. */
const rises: usize = SCENE + 12;
const scripts: usize = SCENE + 16;
/** A word for each key. */
const least: usize = SCENE + CACHE_LINE;
const KEYS: u32 = 4;

const kept: usize = SCENE + 32 * CACHE_LINE;
const KEPT_BYTES: u32 = 16;

const SHORT: u32 = PLACE_BYTES + 8;
const LONG: u32 = PLACE_BYTES + 24;
/** From which value on. */
const FIRST_LONG: u32 = 4;
/** Of nodes. */
const SHORT_BYTES: u32 = key + 8 + SHORT;
const LONG_BYTES: u32 = key + 8 + LONG;
/** A form. */
const WORDS: u32 = 1;

enum Operation {
  get = 0,
  set = 1,
  delete = 2,
  add = 3,
}

// In scripts.
const GET: u32 = 1;
/** Of what is kept, if it is; else what is found is kept, if it may be. */
const GET_KEPT: u32 = 2;
const SET: u32 = 3;
const DELETE: u32 = 4;
/** One more than it was, if its version was the same meanwhile; else again. */
const ADD: u32 = 5;
const CLEAR: u32 = 6;
const FREE: u32 = 7;

const FIRST_VALUE: u32 = 1;
/** With it, the orders of the keys 0 to 3 begin with the bits 001, 101, 111 and 011. */
const SEED: u32 = 955;
const SLOTS: u32 = 16;

/** A cache of so many entries and units, and what is done with it before. */
export function cache_prove_init(
  before: u32,
  first: u32,
  second: u32,
  third: u32,
  entries: u32,
  units: u32,
  rising: bool,
  spinning: bool,
): void {
  prepareWorkers();
  memory.grow(10 * processors());
  write(rises, rising ? 1 : 0);
  write(spins, spinning ? 1 : 0);
  for (let p: u32 = 0; p < processors(); p++) {
    enterAs(p + 1);
    expect(scratch() != 0);
    // Of all sizes that are needed: so that the spans are there.
    release(allocate(SHORT_BYTES));
    release(allocate(LONG_BYTES));
    for (let bytes: u32 = 8; bytes <= 32; bytes *= 2) release(allocate(bytes));
  }
  enterAs(1);
  const C = create(1, SLOTS, units, entries, SEED, 2, 3, 4);
  store<u32>(C + turns, 0);
  write(cache, <u32>C);
  write(identity, read(C));
  set(1, FIRST_VALUE);
  perform(before, false);
  write(scripts, first);
  write(scripts + 4, second);
  write(scripts + 8, third);
}

export function cache_prove_run(): void {
  begin();
  if (read(spins) != 0) neverBlock();
  perform(read(scripts + processor() * 4), true);
}

function perform(script: u32, told: bool): void {
  for (let rest = script; rest != 0; rest >>= 8) {
    const which = rest & 3;
    const value = (rest >> 2) & 7;
    const what = (rest >> 5) & 7;
    switch (what) {
      case GET:
      case GET_KEPT: {
        tell(told, Operation.get, which, 0);
        const ended = leastOf(which);
        const is = what == GET ? look(which) : getKept(which);
        if (is != 0 && is < ended) fail(Failure.Lost);
        answer(told, is);
        break;
      }
      case SET:
        tell(told, Operation.set, which, value);
        set(which, value);
        ends(which, value);
        answer(told, 0);
        break;
      case DELETE: {
        tell(told, Operation.delete, which, 0);
        writeKey(which);
        const result = remove(read(cache), read(identity), scratch(), ALWAYS);
        ends(which, value);
        answer(told, result == DONE ? 1 : 0);
        break;
      }
      case ADD:
        tell(told, Operation.add, which, 0);
        answer(told, add(which));
        break;
      case CLEAR:
        clear(read(cache), read(identity));
        for (let k: u32 = 0; k < KEYS; k++) ends(k, value);
        break;
      case FREE:
        free();
    }
  }
}

function tell(told: bool, operation: Operation, which: u32, value: u32): void {
  if (told) invoke(operation, which * 8 + value);
}

function answer(told: bool, value: u32): void {
  if (told) result(value);
}

/** As the library does: first the map of what is loaded. */
function free(): bool {
  const C: usize = read(cache);
  const L: usize = load<u32>(C + loading);
  freeObject(L, load<u32>(C + loading + 4));
  if (!freeObject(C, read(identity))) return false;
  for (let k: u32 = 0; k < KEYS; k++) ends(k, u32.MAX_VALUE);
  // What is free is another's.
  const block = allocate(SHORT_BYTES);
  memory.fill(block, 0xff, SHORT_BYTES);
  release(block);
  return true;
}

/** No value that is less is the key's any more. */
function ends(which: u32, value: u32): void {
  if (read(rises) != 0) write(least + which * 4, value);
}

function leastOf(which: u32): u32 {
  return read(rises) != 0 ? read(least + which * 4) : 0;
}

/** A number, as if a program had written it there. */
function writeKey(which: u32): void {
  store<u32>(scratch() + keyHeader, 8 << 2);
  store<f64>(scratch() + key, which);
}

function writeValue(value: u32): void {
  store<u32>(scratch() + valueHeader, ((value < FIRST_LONG ? SHORT : LONG) << 3) | WORDS);
  const place = valueAt(scratch());
  store<f64>(place + expiry, Infinity);
  store<u32>(place + PLACE_BYTES, value);
  store<u32>(place + PLACE_BYTES + 4, value);
}

function set(which: u32, value: u32): void {
  writeKey(which);
  writeValue(value);
  const done = put(read(cache), read(identity), scratch(), false, ALWAYS, 0);
  if (done != DONE && done != FREED) fail(Failure.Lost);
}

/** What is shared; 0: there is no value. Leaves where its version is, and what that was, in the scratch. */
function look(which: u32): u32 {
  writeKey(which);
  const node = find(read(cache), read(identity), scratch(), 0, COUNTED, 0);
  if (node == ABSENT || node == FREED) return 0;
  const place = valueAt(node) + PLACE_BYTES;
  const value = load<u32>(place);
  if (value != load<u32>(place + 4) || value == 0) fail(Failure.Torn);
  leaveObject();
  return value;
}

function getKept(which: u32): u32 {
  const its = kept + processor() * CACHE_LINE + which * KEPT_BYTES;
  const old = load<u32>(its + 8);
  if (old != 0 && read(load<u32>(its)) == load<u32>(its + 4) && read(read(cache)) == read(identity)) return old;
  const value = look(which);
  const version = load<u32>(scratch() + inLimbo, 4);
  store<u32>(its, load<u32>(scratch() + inLimbo));
  store<u32>(its + 4, version);
  store<u32>(its + 8, version & 1 ? 0 : value);
  return value;
}

function add(which: u32): u32 {
  while (true) {
    const value = look(which) + 1;
    const version = load<u32>(scratch() + inLimbo, 4);
    writeKey(which);
    writeValue(value);
    store<u32>(scratch() + stamp, version);
    const done = put(read(cache), read(identity), scratch(), false, IF_VERSION, 0);
    if (done == DONE) return value;
    if (done != OTHERWISE) fail(Failure.Lost);
  }
}

/** A word for each key: one more than its value, 0 while it is as at first. */
const model: usize = SCENE + 16 * CACHE_LINE;

/** What a cache answers in which nobody has to leave. */
export function cache_prove_model(operation: u32, argument: u32): u32 {
  const which = argument >> 3;
  const value = argument & 7;
  const word = load<u32>(model + which * 4);
  const is = word != 0 ? word - 1 : which == 1 ? FIRST_VALUE : 0;
  switch (operation) {
    case Operation.set:
      store<u32>(model + which * 4, value + 1);
      return 0;
    case Operation.delete:
      store<u32>(model + which * 4, 1);
      return is != 0 ? 1 : 0;
    case Operation.add:
      store<u32>(model + which * 4, is + 2);
      return is + 1;
  }
  return is;
}

/** In every state. */
export function cache_prove_bounds(): bool {
  return isWithinBounds(read(cache), partitionAt(read(cache), 0));
}

/**
 * All is whole, and counted; each block of the space is in the list, in limbo, a segment, or one of the few that each death may
 * leave; and all are free again with the cache.
 */
export function cache_prove_end(deaths: u32): void {
  expectNothingHeld();
  enterAs(1);
  const C: usize = read(cache);
  // Who frees it may have died on the way.
  if (read(C) == read(identity)) {
    const P = partitionAt(C, 0);
    const used = expectWhole(C) + blocksBesideList(P);
    // The cache and, if it is not freed yet, the map of what is loaded.
    const blocks = blocksInUse() - (read(load<u32>(C + loading)) == load<u32>(C + loading + 4) ? 2 : 1);
    if (blocks < used || blocks > used + 3 * deaths) fail(Failure.Lost);
    expect(free());
  }
  if (blocksInUse() > 3 * deaths) fail(Failure.Lost);
}
