/**
 * The clustered object, proven. A history is a row of updates, each the number of who broadcast it.
 *
 *     SCENE | object | identity | begun | done | readers | turns | yes | block | updates: one word of each processor |
 *
 * - Broadcasting: each update is in the history once, a later history begins with the earlier one, and has all that were done
 *   before. A block that the first processor has replaced gets another length then, as whoever has it next writes one.
 * - Words: what is gathered has all additions that happened before it, and none that has not begun, also of the dead.
 * - Freeing: of object and history, nothing is left.
 */
import { fetch_and_increment, read, write } from "../../atomics";
import { Failure, fail, processor, processors } from "../../machine";
import { allocate, blockBytes, nextBlock, objectAround, release } from "../allocator";
import {
  create,
  describedBytes,
  descriptionOf,
  extend,
  HISTORY_HEADER,
  join,
  lineBytes,
  lines,
  made,
  NO_ROOM,
  RECORD_HEADER,
  representativesOf,
  root,
  rootOf,
  served,
  TOO_LONG,
  wordAdd,
  wordCompareExchange,
  wordLoad,
  wordStore,
  words,
  wordsOf,
} from "../clustered";
import { freeObject } from "../free";
import { createObject, FREED, Kind, kindOf } from "../objects";
import {
  BLOCK_HEADER,
  CHANGED,
  E,
  HOLDS_TOO_MANY,
  isStill,
  lastVersion,
  look,
  place,
  REPLACED,
  replace,
  room,
  version,
} from "../replicated";
import { CACHE_LINE, enterAs } from "../space";
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
const begun: usize = SCENE + 8;
const done: usize = SCENE + 12;
const readersOf: usize = SCENE + 16;
const turnsOf: usize = SCENE + 20;
const yes: usize = SCENE + 24;
const prepared: usize = SCENE + 28;
const updates: usize = SCENE + 32;

/** Result of `append`, beside those of `extend` and `replace`. */
const DONE: u32 = 100;
const BYTES: u32 = 4;
const RECORD: u32 = RECORD_HEADER + 8;
/** Of updates, more than there are. */
const MOST: u32 = 8 * RECORD;
/** As the length of a block that is no history. */
const RUBBISH: u32 = 0x0bad0bad;

/** The first so many processors read, or gather; of the others, each acts `turns` times. */
export function program_clustered_prove_init(readers: u32, turns: u32, servedBy: u32): void {
  prepareWorkers();
  memory.grow(8);
  enterAs(1);
  make(servedBy);
  write(readersOf, readers);
  write(turnsOf, turns);
  for (let p: u32 = 0; p < processors(); p++) write(updates + 4 * p, p + 1);
}

function make(servedBy: u32): void {
  const C = create(servedBy, 1, 1, 0);
  write(object, <u32>C);
  write(identity, read(C));
}

/** What a look at the history gave: a digit for each update, the first one foremost. */
let history: u32 = 0;
let seen: u32 = 0;

/** False: it was overtaken. */
function readHistory(C: usize): bool {
  const block = look(C);
  seen = lastVersion;
  if (block == 0) fail(Failure.NotExclusive);
  const length = read(block);
  if (!isStill(C, seen, block)) return false;
  let digits: u32 = 0;
  let isWhole = true;
  for (let at = HISTORY_HEADER; at < length; at += RECORD) {
    if (read(block + BLOCK_HEADER + at) != BYTES) isWhole = false;
    digits = digits * 16 + read(block + BLOCK_HEADER + at + RECORD_HEADER);
  }
  const isInUse = blockBytes(block) != 0;
  if (!isStill(C, seen, block)) return false;
  if (!isWhole || !isInUse || length != HISTORY_HEADER + seen * RECORD) fail(Failure.Lost);
  history = digits;
  return true;
}

function readWhole(C: usize): void {
  while (!readHistory(C)) {}
}

export function program_clustered_prove_run(): void {
  begin();
  if (processor() < read(readersOf)) readTwice(read(object));
  else for (let turn: u32 = 0; turn < read(turnsOf); turn++) broadcast(processor());
}

function readTwice(C: usize): void {
  const least = read(done);
  readWhole(C);
  const first = history;
  const as = seen;
  if (as < least) fail(Failure.Lost);
  readWhole(C);
  // The later one begins with the earlier one.
  if (seen < as || seen > read(begun) || history >> (4 * (seen - as)) != first) fail(Failure.Lost);
}

/** As packages/library does it. */
function append(C: usize, as: u32, from: usize, bytes: u32, most: u32): u32 {
  while (true) {
    const block = extend(C, as, bytes, most);
    const before = lastVersion;
    if (block <= FREED) return <u32>block;
    expect(blockBytes(block) != 0);
    memory.copy(block + BLOCK_HEADER + load<u32>(block) - ((bytes + 7) & ~7), from, bytes);
    const result = replace(C, as, block, true, before);
    if (result == REPLACED) return DONE;
    release(block);
    if (result != CHANGED) return result;
  }
}

function broadcast(p: u32): void {
  const C: usize = read(object);
  const old = look(C);
  fetch_and_increment(begun);
  if (append(C, read(identity), updates + 4 * p, BYTES, MOST) != DONE) fail(Failure.Lost);
  fetch_and_increment(done);
  // The first block came from this heap, and is not there again while its worker takes none.
  if (p == 0 && lastVersion == 1) write(old, RUBBISH);
}

export function program_clustered_prove_replaced_init(): void {
  program_clustered_prove_init(0, 1, 1);
  const block = extend(read(object), read(identity), BYTES, MOST);
  write(block + BLOCK_HEADER + read(block) - 8, 1);
  write(prepared, <u32>block);
}

/** Processor 0 replaces the history by a block that it had before, and the first one gets another length; 1 broadcasts. */
export function program_clustered_prove_replaced(): void {
  begin();
  if (processor() != 0) {
    broadcast(processor());
    return;
  }
  const C: usize = read(object);
  const old = look(C);
  const block: usize = read(prepared);
  if (replace(C, read(identity), block, true, 0) != REPLACED) {
    release(block);
    return;
  }
  fetch_and_increment(begun);
  fetch_and_increment(done);
  write(old, RUBBISH);
}

/** All that were done are there, and each once; what is in use is the object and the history, and a block for each death. */
export function program_clustered_prove_end(deaths: u32): void {
  expectNothingHeld();
  const C: usize = read(object);
  if (!readHistory(C) || seen < read(done) || seen > read(begun)) fail(Failure.Lost);
  if (deaths == 0 && seen != read(begun)) fail(Failure.Lost);
  expectEqual(read(C + version), seen);
  for (let p: u32 = 0; p < processors(); p++) {
    let times: u32 = 0;
    for (let digits = history; digits != 0; digits >>= 4) times += <u32>((digits & 15) == p + 1);
    if (times > read(turnsOf)) fail(Failure.Lost);
  }
  const all = blocks();
  expect(blockBytes(look(C)) != 0 && all <= 2 + deaths && all >= 2);
}

function blocks(): u32 {
  let all: u32 = 0;
  for (let block = nextBlock(0); block != 0; block = nextBlock(block)) all++;
  return all;
}

/** Gatherers look, the others add 1 to the word of what serves them. */
export function program_clustered_prove_words(): void {
  begin();
  if (processor() < read(readersOf)) gather();
  else for (let turn: u32 = 0; turn < read(turnsOf); turn++) addOnce();
}

function addOnce(): void {
  fetch_and_increment(begun);
  wordAdd(join(read(object)), 1);
  fetch_and_increment(done);
}

function sum(): u32 {
  const C: usize = read(object);
  let all: f64 = 0;
  for (let r: u32 = 0; r < representativesOf(C); r++) {
    const its = wordsOf(C, r);
    if (its != 0) all += wordLoad(its);
  }
  return <u32>all;
}

function gather(): void {
  const least = read(done);
  const all = sum();
  if (all < least || all > read(begun)) fail(Failure.Lost);
}

/** What processor `dead` executes instead, once it has died: its slot's next worker adds once more. */
export function program_clustered_prove_words_death(dead: u32): void {
  prove_death(dead);
  enterAs(dead + 1);
  if (dead >= read(readersOf)) addOnce();
}

export function program_clustered_prove_words_end(deaths: u32, all: u32): void {
  expectNothingHeld();
  gather();
  if (deaths == 0) expectEqual(sum(), read(begun));
  const C: usize = read(object);
  let used: u32 = 0;
  for (let r: u32 = 0; r < representativesOf(C); r++) used += <u32>(wordsOf(C, r) != 0);
  expectEqual(used, all);
}

/**
 * Processor 0 frees it, while another broadcasts; and, if there are turns, makes another object, which has its block, or will
 * not.
 */
export function program_clustered_prove_free(): void {
  const C: usize = read(object);
  const as = read(identity);
  begin();
  if (processor() == 0) {
    const bytes = blockBytes(C);
    if (!freeObject(C, as)) fail(Failure.NotExclusive);
    if (read(turnsOf) == 0) return;
    const other = createObject(Kind.SharedMap, bytes);
    if (other == 0) fail(Failure.Lost);
    store<u64>(other + place, RUBBISH);
    return;
  }
  const result = append(C, as, updates + 4 * processor(), BYTES, MOST);
  if (result != DONE && result != FREED) fail(Failure.Lost);
}

export function program_clustered_prove_free_end(deaths: u32): void {
  expectNothingHeld();
  let left: u32 = 0;
  for (let block = nextBlock(0); block != 0; block = nextBlock(block)) {
    if (objectAround(block) == block && kindOf(block) != Kind.SharedMap && deaths == 0) fail(Failure.Lost);
    left++;
  }
  expect(left <= 1 + deaths);
}

export function program_clustered_prove_alone_init(servedBy: u32): void {
  prepareAlone(4);
  memory.grow(8);
  write(yes, 1);
  write(updates, 0x11223344);
  write(updates + 4, 0x55667788);
  make(servedBy);
}

/** One operation after the other: what each answers, and the words that it leaves. */
export function program_clustered_prove_alone(): void {
  begin();
  const C: usize = read(object);
  const as = read(identity);
  const each = read(C + served);
  expectEqual(kindOf(C), Kind.ClusteredObject);
  expectEqual(representativesOf(C), each == 0 ? 1 : each == 1 ? 4 : 2);
  expectEqual(read(C + root), 2 * CACHE_LINE);
  expectEqual(read(C + lines), 3 * CACHE_LINE);
  expectEqual(read(C + lineBytes), CACHE_LINE);
  expect(blockBytes(C) >= (3 + representativesOf(C)) * CACHE_LINE && blockBytes(C) <= 8 * CACHE_LINE);
  alone_layout();
  alone_words(C);
  alone_history(C, as);
}

/** What just fits its lines, and what takes one line more. */
function alone_layout(): void {
  const inOne = read(yes) * 15;
  const full = create(1, inOne + 1, inOne, 104);
  expect(rootOf(full) == full + 2 * CACHE_LINE && read(full + lines) == 3 * CACHE_LINE);
  expect(read(full + lineBytes) == CACHE_LINE && describedBytes(full) == 104 && descriptionOf(full) == full + 152);
  expect(freeObject(full, read(full)));
  const more = create(1, inOne + 2, inOne + 1, 105);
  expect(rootOf(more) == more + 3 * CACHE_LINE && read(more + lines) == 5 * CACHE_LINE);
  expect(read(more + lineBytes) == 2 * CACHE_LINE);
  enterAs(3);
  expect(join(more) == more + 9 * CACHE_LINE + words && wordsOf(more, 1) == 0 && wordsOf(more, 2) == join(more));
  enterAs(1);
  expect(freeObject(more, read(more)));
  const none = create(3, 0, 0, 0);
  expect(representativesOf(none) == 2 && read(none + lines) == 2 * CACHE_LINE && read(none + lineBytes) == CACHE_LINE);
  expect(freeObject(none, read(none)));
}

function alone_words(C: usize): void {
  const each = read(C + served);
  for (let r: u32 = 0; r < representativesOf(C); r++) expect(wordsOf(C, r) == 0);
  for (let slot: u32 = 4; slot > 0; slot--) {
    enterAs(slot);
    const r = each == 0 ? 0 : (slot - 1) / each;
    const mine = join(C);
    expect(mine == C + (3 + r) * CACHE_LINE + words && wordsOf(C, r) == mine && read(mine - words + made) == 1);
    if (r > 0) expect(wordsOf(C, r - 1) == 0);
    wordAdd(mine, slot);
  }
  expectEqual(sum(), 1 + 2 + 3 + 4);
  const word = rootOf(C);
  expect(word == C + 2 * CACHE_LINE && wordLoad(word) == 0);
  const large: f64 = 9007199254740991;
  expect(wordAdd(word, large) == 0 && wordAdd(word, -large) == large && wordAdd(word, -5) == 0);
  expect(wordLoad(word) == -5 && wordCompareExchange(word, -4, 7) == -5 && wordLoad(word) == -5);
  expect(wordCompareExchange(word, -5, large) == -5 && wordLoad(word) == large);
  wordStore(word, -large);
  expect(wordLoad(word) == -large && load<i64>(word) == -9007199254740991);
}

function alone_history(C: usize, as: u32): void {
  expect(readHistory(C) && seen == 0 && history == 0 && read(look(C)) == HISTORY_HEADER);
  const rings = read(C + E + 4);
  // 8 bytes are a record of 16, and 9 one of 24.
  expectEqual(append(C, as, updates, 8, 15 * read(yes)), TOO_LONG);
  expect(append(C, as + 1, updates, 8, MOST) == FREED && extend(C, as + 1, 8, MOST) == FREED && blocks() == 2);
  expect(append(C, as, updates, 8, 16) == DONE && lastVersion == 1 && read(C + version) == 1);
  let block = look(C);
  expect(read(block) == HISTORY_HEADER + 16 && read(block + 8) == 0 && read(block + 12) == 0);
  expect(read(block + 16) == 8 && read(block + 24) == 0x11223344 && read(block + 28) == 0x55667788);
  expect(append(C, as, updates + 1, 3, 31) == TOO_LONG && append(C, as, updates + 1, 3, 32) == DONE);
  block = look(C);
  expect(read(block) == HISTORY_HEADER + 32 && read(block + 16) == 8 && read(block + 28) == 0x55667788);
  expect(read(block + 32) == 3 && read(block + 40) == 0x112233 && read(C + E + 4) == rings);
  expectEqual(blocks(), 2);
  holdTooMuch();
  expectEqual(append(C, as, updates, 4, MOST), HOLDS_TOO_MANY);
  letAllGo();
  // A snapshot, of 9 bytes: the updates of its history begin again.
  const taken = room(HISTORY_HEADER + 16);
  write(taken + BLOCK_HEADER, 2);
  write(taken + BLOCK_HEADER + 4, 9);
  write(taken + BLOCK_HEADER + 20, 99);
  expect(replace(C, as, taken, true, 2) == REPLACED);
  expect(append(C, as, updates, 9, 23) == TOO_LONG && append(C, as, updates, 4, 16) == DONE);
  block = look(C);
  expect(read(block) == HISTORY_HEADER + 32 && read(block + 8) == 2 && read(block + 12) == 9 && read(block + 28) == 99);
  expect(read(block + 32) == 4 && read(block + 40) == 0x11223344 && read(block + 44) == 0 && lastVersion == 4);
  fillSpace();
  while (allocate(32) != 0) {}
  while (allocate(64) != 0) {}
  const header = load<u64>(served) | load<u64>(lines) | load<u64>(lines + 8);
  expect(append(C, as, updates, 4, MOST) == NO_ROOM && create(1, 1, 1, 60000) == 0);
  expect(header == 0 && (load<u64>(served) | load<u64>(lines) | load<u64>(lines + 8)) == 0);
  expect(freeObject(C, as) && blockBytes(block) == 0 && append(C, as, updates, 4, MOST) == FREED);
  expectNothingHeld();
}
