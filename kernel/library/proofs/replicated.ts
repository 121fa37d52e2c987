/**
 * The replicated value, proven. A value is two words, of which the second is the complement of the first. Where one
 * worker alone replaces it, the block that it freed gets another value then, as whoever has it next may write one.
 *
 *     SCENE | object | identity | updates that are done, begun | readers | ... | words of one sequence |
 *
 * - Reading: what a read gives is whole, and no earlier than what the last one gave.
 * - Updating: of those that expect the same version, one replaces it.
 * - Waiting: who waits for a change wakes, also if who makes it dies.
 * - Freeing: who reads, replaces or waits finds that it was freed, and the value's block is free.
 */
import { fetch_and_increment, read, write } from "../../atomics";
import { Failure, fail, processor, processors } from "../../machine";
import { allocate, blockBytes, nextBlock, objectAround, release } from "../allocator";
import { enterObject, leaveObject } from "../existence";
import { freeObject } from "../free";
import { ASYNCHRONOUS, FRESH, NOW, SLEPT } from "../lock-word";
import { FREED, Kind, kindOf } from "../objects";
import {
  attempt,
  BLOCK_HEADER,
  CHANGED,
  create,
  E,
  HOLDS_TOO_MANY,
  isStill,
  keep,
  lastVersion,
  letGo,
  look,
  place,
  REPLACED,
  replace,
  room,
  version,
} from "../replicated";
import { sleep, sleepAddress, WAIT } from "../sleep";
import { attach, enterAs, nextIncarnation } from "../space";
import {
  begin,
  expect,
  expectEqual,
  expectNothingHeld,
  fillSpace,
  holdTooMuch,
  letAllGo,
  prepareAlone,
  prepareWorkers,
  prove_death,
  SCENE,
} from "./worker";

const object: usize = SCENE;
const identity: usize = SCENE + 4;
const done: usize = SCENE + 8;
const begun: usize = SCENE + 12;
const readersOf: usize = SCENE + 16;
const keeps: usize = SCENE + 20;
const yes: usize = SCENE + 24;

const BYTES: u32 = 8;
/** In a block that is no value. */
const RUBBISH: u32 = 0x0bad0bad;

/** The first so many processors read, the others update. `keepsOut`: reads are made inside the guard. */
export function replicated_prove_init(readers: u32, keepsOut: u32): void {
  prepareWorkers();
  memory.grow(8);
  enterAs(1);
  make();
  write(readersOf, readers);
  write(keeps, keepsOut);
}

function make(): void {
  const R = create(BYTES);
  write(object, <u32>R);
  write(identity, read(R));
  fill(look(R), 0);
}

function fill(block: usize, value: u32): void {
  write(block + BLOCK_HEADER, value);
  write(block + BLOCK_HEADER + 4, ~value);
}

function filled(as: u32): usize {
  const block = room(BYTES);
  if (block == 0) fail(Failure.Lost);
  fill(block, as);
  return block;
}

/** What a read gave: both words, and the version. */
let value: u32 = 0;
let seen: u32 = 0;

function versionOf(R: usize): u32 {
  look(R);
  return lastVersion;
}

/** One copy; false: it was overtaken. */
function copy(R: usize): bool {
  const block = look(R);
  seen = lastVersion;
  if (block == 0) fail(Failure.NotExclusive);
  value = read(block + BLOCK_HEADER);
  const second = read(block + BLOCK_HEADER + 4);
  const isInUse = blockBytes(block) != 0;
  if (!isStill(R, seen, block)) return false;
  if (second != ~value || !isInUse) fail(Failure.Lost);
  return true;
}

function readWhole(R: usize): void {
  if (read(keeps) == 0) {
    while (!copy(R)) {}
    return;
  }
  if (!enterObject(R, read(identity))) fail(Failure.Lost);
  keep(R);
  if (!copy(R)) fail(Failure.NotExclusive);
  letGo(R);
  leaveObject();
}

export function replicated_prove_run(): void {
  begin();
  const R: usize = read(object);
  if (processor() < read(readersOf)) readTwice(R);
  else update(R);
}

function readTwice(R: usize): void {
  const least = read(done);
  readWhole(R);
  const first = value;
  const as = seen;
  // Each update adds 1 to both.
  if (first != as || first < least) fail(Failure.Lost);
  readWhole(R);
  if (value < first || value != seen || value > read(begun)) fail(Failure.Lost);
}

/** Adds 1 to what it has read, as often as others are faster. */
function update(R: usize): void {
  fetch_and_increment(begun);
  const block = filled(0);
  let old: usize;
  do {
    readWhole(R);
    old = look(R);
    fill(block, value + 1);
  } while (replace(R, read(identity), block, true, seen) == CHANGED);
  if (lastVersion != seen + 1) fail(Failure.Lost);
  fetch_and_increment(done);
  // As who has it next.
  if (read(readersOf) + 1 == processors()) fill(old, RUBBISH);
}

/**
 * Each update that is done was made once. What is in use is the object and its value's block, and one block for each death
 * at most.
 */
export function replicated_prove_end(deaths: u32): void {
  expectNothingHeld();
  const R: usize = read(object);
  if (!copy(R) || value < read(done) || value > read(begun)) fail(Failure.Lost);
  if (deaths == 0 && value != read(begun)) fail(Failure.Lost);
  expectEqual(read(R + version), seen);
  expect(blockBytes(look(R)) != 0 && blocks() <= 2 + deaths && blocks() >= 2);
}

function blocks(): u32 {
  let all: u32 = 0;
  for (let block = nextBlock(0); block != 0; block = nextBlock(block)) all++;
  return all;
}

/** The readers wait for another version than the first. */
export function replicated_prove_wait(): void {
  begin();
  const R: usize = read(object);
  if (processor() >= read(readersOf)) {
    const block = filled(1);
    replace(R, read(identity), block, false, 0);
    return;
  }
  let result = attempt(R, 0, FRESH);
  for (; result == WAIT; result = attempt(R, 0, SLEPT)) sleep(-1);
  if (result != CHANGED || versionOf(R) == 0) fail(Failure.LeftBarrierEarly);
}

/** After the death of the only one who replaces the value: if it has not, another does. */
export function replicated_prove_death(dead: u32): void {
  prove_death(dead);
  attach(nextIncarnation(), true);
  const R: usize = read(object);
  if (versionOf(R) == 0) replace(R, read(identity), filled(1), false, 0);
}

/** Processor 0 frees it; of the others, one replaces the value, and one waits for a change. */
export function replicated_prove_free(): void {
  const R: usize = read(object);
  const as = read(identity);
  begin();
  if (processor() == 0) {
    if (!freeObject(R, as)) fail(Failure.NotExclusive);
  } else if (processor() == 1) {
    const block = filled(1);
    const result = replace(R, as, block, false, 0);
    if (result == FREED) release(block);
    else if (result != REPLACED) fail(Failure.Lost);
  } else if (enterObject(R, as)) {
    for (let how = FRESH; attempt(R, 0, how) == WAIT; how = SLEPT) sleep(-1);
    leaveObject();
  }
}

/** Nothing is in use: neither object nor value. */
export function replicated_prove_free_end(deaths: u32): void {
  expectNothingHeld();
  let left: u32 = 0;
  for (let block = nextBlock(0); block != 0; block = nextBlock(block)) {
    if (objectAround(block) == block && deaths == 0) fail(Failure.Lost);
    left++;
  }
  expect(left <= deaths);
}

export function replicated_prove_alone_init(): void {
  prepareAlone(4);
  memory.grow(4);
  write(yes, 1);
  make();
}

/** One operation after the other: what each answers, and the words that it leaves. */
export function replicated_prove_alone(): void {
  begin();
  const R: usize = read(object);
  const as = read(identity);
  expect(kindOf(R) == Kind.Replicated && copy(R) && value == 0 && seen == 0);
  expectEqual(read(look(R)), BYTES);
  expect(blockBytes(R) == 128 && blocks() == 2);
  const first = look(R);
  expect(load<u64>(R + place) == <u64>first && !isStill(R, 1, first) && !isStill(R, 0, first + 8));
  const second = filled(7);
  expect(replace(R, as, second, true, read(yes)) == CHANGED && replace(R, as + 1, second, false, 0) == FREED);
  holdTooMuch();
  expectEqual(replace(R, as, second, false, 0), HOLDS_TOO_MANY);
  letAllGo();
  expect(copy(R) && seen == 0 && look(R) == first);
  expectEqual(attempt(R, 0, NOW), WAIT);
  expectEqual(attempt(R, 0, ASYNCHRONOUS), WAIT);
  expectEqual(sleepAddress, <u32>R + E + 4);
  const rings = read(sleepAddress);
  expect(replace(R, as, second, true, 0) == REPLACED && lastVersion == 1);
  expectEqual(read(R + E + 4), rings + 1);
  expect(copy(R) && value == 7 && seen == 1 && look(R) == second && blockBytes(first) == 0);
  expectEqual(attempt(R, 0, NOW), CHANGED);
  // The versions begin again.
  store<u64>(R + place, 0xffffffff00000000 | <u64>second);
  const third = filled(8);
  expect(replace(R, as, third, false, read(yes)) == REPLACED && lastVersion == 0);
  expect(copy(R) && seen == 0 && value == 8 && look(R) == third);
  // In a space that is full.
  fillSpace();
  const all = blocks();
  while (allocate(BLOCK_HEADER + BYTES) != 0) {}
  expect(create(BYTES) == 0 && room(BYTES) == 0 && blocks() > all);
  expect(freeObject(R, as) && blockBytes(third) == 0 && look(R) == 0);
  expectEqual(attempt(R, 0, NOW), CHANGED);
  expectEqual(replace(R, as, second, false, 0), FREED);
  // Now there is room for a block, but not for an object and its block.
  while (allocate(128) != 0) {}
  const last = create(BYTES);
  if (last == 0) expect(room(BYTES) != 0);
  expectNothingHeld();
}
