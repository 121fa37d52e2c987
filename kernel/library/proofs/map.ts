/**
 * The SharedMap, proven: each processor has a script, four operations of a byte each, whose answers are compared with
 * `map_prove_model`, one operation at a time. Values that are no numbers are written twice: both are the same, whenever they
 * are read. Where the blocks of nodes are used again, a reader that has one still races with who writes there.
 *
 *     SCENE      | map | identity | limit | freed | spins | script of each | ... |
 *     operation  | key: 2 bits | value: 3 | what: 3 |
 *
 * There is one partition, so that all meet. At first, key 1 has the value 7, and whatever the script before has done.
 */
import { read, write } from "../../atomics";
import { Failure, fail, invoke, processor, processors, result } from "../../machine";
import { allocate, release } from "../allocator";
import { leaveObject } from "../existence";
import { freeObject } from "../free";
import { ABSENT, create, find, IS_NUMBER, scratch, size } from "../map";
import {
  counts,
  head,
  inLimbo,
  isNode,
  key,
  keyHeader,
  nextOf,
  orderOf,
  partitionAt,
  readLink,
  turns,
  valueAt,
  valueHeader,
} from "../map-layout";
import { limit } from "../map-limbo";
import { ALWAYS, clear, DONE, IF_ABSENT, put, remove } from "../map-write";
import { FREED } from "../objects";
import { neverBlock } from "../sleep";
import { CACHE_LINE, enterAs } from "../space";
import { blocksBesideList, blocksInUse } from "./map-blocks";
import { begin, expect, expectNothingHeld, prepareWorkers, SCENE } from "./worker";

const map: usize = SCENE;
const identity: usize = SCENE + 4;
/** Units that may be in limbo; 0: as many as programs have. */
const limited: usize = SCENE + 8;
const freed: usize = SCENE + 12;
/** Whether who finds the guard taken looks until it is free, instead of sleeping: far fewer states. */
const spins: usize = SCENE + 16;
const scripts: usize = SCENE + 20;
/** Sizes of nodes with a number, and with two words. */
const NODE_BYTES: u32 = key + 16;

enum Operation {
  get = 0,
  set = 1,
  delete = 2,
  insert = 3,
}

// In scripts. A number, or two words.
const GET: u32 = 1;
const SET_WORDS: u32 = 2;
const SET_NUMBER: u32 = 3;
const DELETE: u32 = 4;
const INSERT: u32 = 5;
const CLEAR: u32 = 6;
const FREE: u32 = 7;

const FIRST_VALUE: u32 = 7;
/** With it, the orders of the keys 0 to 3 begin with the bits 001, 101, 111 and 011. */
const SEED: u32 = 955;

/** A map, and what is done with it before. */
export function map_prove_init(before: u32, first: u32, second: u32, third: u32, mostUnits: u32, spinning: bool): void {
  prepareWorkers();
  memory.grow(8 * processors());
  write(limited, mostUnits);
  write(spins, spinning ? 1 : 0);
  for (let p: u32 = 0; p < processors(); p++) {
    enterAs(p + 1);
    expect(scratch() != 0);
    // Of all sizes that are needed: so that the spans are there.
    release(allocate(NODE_BYTES));
    for (let bytes: u32 = 8; bytes <= 64; bytes *= 2) release(allocate(bytes));
  }
  enterAs(1);
  const M = create(1, SEED, 2, 3, 4);
  store<u32>(M + turns, 0);
  write(map, <u32>M);
  write(identity, read(M));
  set(1, FIRST_VALUE, false);
  perform(before, false);
  write(scripts, first);
  write(scripts + 4, second);
  write(scripts + 8, third);
}

export function map_prove_run(): void {
  begin();
  if (read(limited) != 0) limit(read(limited));
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
        tell(told, Operation.get, which, 0);
        answer(told, get(which));
        break;
      case SET_WORDS:
      case SET_NUMBER:
        tell(told, Operation.set, which, value);
        set(which, value, what == SET_NUMBER);
        answer(told, 0);
        break;
      case DELETE:
        tell(told, Operation.delete, which, 0);
        writeKey(which);
        answer(told, remove(read(map), read(identity), scratch(), ALWAYS) == DONE ? 1 : 0);
        break;
      case INSERT:
        tell(told, Operation.insert, which, value);
        writeKey(which);
        writeValue(value, false);
        answer(told, put(read(map), read(identity), scratch(), false, IF_ABSENT) == DONE ? 1 : 0);
        break;
      case CLEAR:
        clear(read(map), read(identity));
        break;
      case FREE:
        if (!freeObject(read(map), read(identity))) break;
        write(freed, 1);
        // What is free is another's.
        reuse();
    }
  }
}

function reuse(): void {
  const block = allocate(NODE_BYTES);
  memory.fill(block, 0xff, NODE_BYTES);
  release(block);
}

function tell(told: bool, operation: Operation, which: u32, value: u32): void {
  if (told) invoke(operation, which * 8 + value);
}

function answer(told: bool, value: u32): void {
  if (told) result(value);
}

/** A number, as if a program had written it there. */
function writeKey(which: u32): void {
  store<u32>(scratch() + keyHeader, 8 << 2);
  store<f64>(scratch() + key, which);
}

function writeValue(value: u32, isNumber: bool): void {
  store<u32>(scratch() + valueHeader, isNumber ? 8 << 3 : (8 << 3) | 1);
  const place = valueAt(scratch());
  if (isNumber) store<f64>(place, value);
  else {
    store<u32>(place, value);
    store<u32>(place + 4, value);
  }
}

function set(which: u32, value: u32, isNumber: bool): void {
  writeKey(which);
  writeValue(value, isNumber);
  const done = put(read(map), read(identity), scratch(), false, ALWAYS);
  if (done != DONE && done != FREED) fail(Failure.Lost);
}

/** The value; 0: there is none. */
function get(which: u32): u32 {
  writeKey(which);
  const node = find(read(map), read(identity), scratch());
  if (node == ABSENT || node == FREED) return 0;
  if (node == IS_NUMBER) return <u32>load<f64>(scratch() + inLimbo);
  const value = load<u32>(valueAt(node));
  if (value != load<u32>(valueAt(node) + 4) || value == 0) fail(Failure.Torn);
  leaveObject();
  return value;
}

/** A word for each key: one more than its value, 0 while it is as at first. */
const model: usize = SCENE + 16 * CACHE_LINE;

/** What a map answers. */
export function map_prove_model(operation: u32, argument: u32): u32 {
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
    case Operation.insert:
      if (is == 0) store<u32>(model + which * 4, value + 1);
      return is == 0 ? 1 : 0;
  }
  return is;
}

/**
 * The list is sorted, and counted; each block of the space is in it, in limbo, a segment, or one of the few that each death may
 * leave; and all are free again with the map.
 */
export function map_prove_end(deaths: u32): void {
  expectNothingHeld();
  enterAs(1);
  const M: usize = read(map);
  if (read(freed) == 0) {
    const P = partitionAt(M, 0);
    let nodes: u32 = 0;
    let last: u32 = 0;
    for (let at = nextOf(readLink(P + head)); at != 0; at = nextOf(readLink(at))) {
      const link = readLink(at);
      if (orderOf(link) <= last) fail(Failure.NotExclusive);
      last = orderOf(link);
      if (isNode(link)) nodes++;
    }
    if (<u32>atomic.load<u64>(P + counts) != nodes) fail(Failure.Lost);
    const used = nodes + blocksBesideList(P);
    const blocks = blocksInUse() - (read(M) == read(identity) ? 1 : 0);
    if (blocks < used || blocks > used + 3 * deaths) fail(Failure.Lost);
    if (size(M, read(identity), 2) != nodes) fail(Failure.Lost);
    if (!freeObject(M, read(identity))) fail(Failure.Lost);
  }
  if (blocksInUse() > 3 * deaths) fail(Failure.Lost);
}
