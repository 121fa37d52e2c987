/**
 * Names, proven. `turns` times each processor gives the same name to an object of its own, or is told which one has it,
 * and reads what its maker wrote to it. Between turns, the name is taken away by whose object has it; after the last,
 * it stays.
 *
 *     SCENE | turns | name: 4 bytes | agreed | spinning | ... | an object of each |
 */
import { compare_and_swap, read, write } from "../../atomics";
import { Failure, fail, processor, processors } from "../../machine";
import { allocate, blockBytes, nextBlock, objectAround, release } from "../allocator";
import { rollBack } from "../guard";
import { bind, find, GONE, namedIdentity, unbind } from "../names";
import { createObject, DYING, Kind } from "../objects";
import { neverBlock } from "../sleep";
import { CACHE_LINE, enterAs, journal, my, NAMES, pending } from "../space";
import { begin, expectNothingHeld, prepareWorkers, SCENE } from "./worker";

const turns: usize = SCENE;
const name: usize = SCENE + 4;
const LENGTH: u32 = 4;
/** The object that all are told of, if there is one turn. */
const agreed: usize = SCENE + 8;
/** So many of the first processors must not block. */
const spinning: usize = SCENE + 12;
const objects: usize = SCENE + CACHE_LINE;

const STAMP: u32 = 0x0b7ec7ed;

function objectOf(p: u32): usize {
  return read(objects + p * 4);
}

export function names_prove_init(turnsEach: u32, thatSpin: u32): void {
  prepareWorkers();
  memory.grow(2 * processors());
  write(turns, turnsEach);
  write(spinning, thatSpin);
  write(name, 0x73626f6a);
  for (let p: u32 = 0; p < processors(); p++) {
    enterAs(p + 1);
    // Of the size of entries: so that the span is there.
    release(allocate(24));
    write(objects + p * 4, <u32>createObject(Kind.Event, 16));
  }
}

export function names_prove_run(): void {
  begin();
  if (processor() < read(spinning)) neverBlock();
  const mine = objectOf(processor());
  store<u32>(mine + 4, STAMP);
  for (let left = read(turns); left > 0; left--) {
    const named = bind(name, LENGTH, mine, read(mine));
    if (load<u32>(named + 4) != STAMP) fail(Failure.Lost);
    if (read(turns) == 1 && !compare_and_swap(agreed, 0, <u32>named) && read(agreed) != named)
      fail(Failure.NotExclusive);
    if (left > 1 && named == mine) unbind(mine);
  }
}

/** Is told nothing, or an object of those who give the name, and its identity. */
export function names_prove_find(): void {
  begin();
  if (processor() < read(spinning)) neverBlock();
  const named = find(name, LENGTH);
  if (named != 0 && (load<u32>(named + 4) != STAMP || namedIdentity != read(named))) fail(Failure.Lost);
}

/** In the directory of names: lists by name, and by object. */
const BY_NAME: usize = NAMES + CACHE_LINE;
const BUCKETS: u32 = 64;
const BY_OBJECT: usize = BY_NAME + 4 * BUCKETS;
/** Words that are set to bind a free name: two of the entry, and two lists. */
const WORDS_SET: u32 = 4;
/** In an entry. */
const nextByName: u32 = 8;
const nextByObject: u32 = 12;
const nameBytes: u32 = 20;

const texts: usize = SCENE + 16 * CACHE_LINE;
/** Their hashes end in the same 6 bits: one byte, another one, the first with one more, and with another one more. */
const A: usize = texts;
const MARK: usize = texts + 4;
/** Its hash with a byte of 0 after it: 0xabc36a84. */
const BUCKET_OF_MARK_AND_NOTHING: u32 = 0x04;
const A_AND_MORE: usize = texts + 8;
const BUCKET_OF_A: u32 = 0x2c;
/** Hash 0xbf9cf968. */
const FOOBAR: usize = texts + 16;
const BUCKET_OF_FOOBAR: u32 = 0x28;
/** Hash 0x3b7bd3e5. */
const BUCKET_OF_TWICE_FOOBAR: u32 = 0x25;
/** Hash 0x811c9dc5. */
const BUCKET_OF_NOTHING: u32 = 0x05;

/** Before the processors begin: a list of names that are another object's is looked through, and left. */
export function names_prove_init_neighbours(): void {
  names_prove_init(1, 0);
  enterAs(1);
  const first = objectOf(0);
  let other = createObject(Kind.Event, 16);
  while (objectList(other) != objectList(first)) other = createObject(Kind.Event, 16);
  store<u32>(first + 4, STAMP);
  if (bind(name, LENGTH, first, read(first)) != first) fail(Failure.Lost);
  if (!unbind(other)) fail(Failure.Lost);
}

/** One operation after the other, with names in one list, and objects in one list. */
export function names_prove_alone(): void {
  begin();
  store<u32>(A, 0x00004861);
  store<u32>(MARK, 0x21);
  store<u32>(A_AND_MORE, 0x00008861);
  store<u32>(FOOBAR, 0x626f6f66);
  store<u32>(FOOBAR + 4, 0x6f667261);
  store<u32>(FOOBAR + 8, 0x7261626f);
  const first = createObject(Kind.Event, 16);
  let other = createObject(Kind.Event, 16);
  const between = other;
  while (objectList(other) != objectList(first)) other = createObject(Kind.Event, 16);
  if (find(A, 1) != 0) fail(Failure.Lost);
  expectBound(first, A, 1, BUCKET_OF_A);
  expectBound(other, A, 2, BUCKET_OF_A);
  expectBound(first, MARK, 1, BUCKET_OF_A);
  expectBound(between, A_AND_MORE, 2, BUCKET_OF_A);
  expectBound(other, FOOBAR, 6, BUCKET_OF_FOOBAR);
  expectBound(other, FOOBAR, 12, BUCKET_OF_TWICE_FOOBAR);
  expectBound(first, FOOBAR, 0, BUCKET_OF_NOTHING);
  expectUndone(first, MARK, 2, BUCKET_OF_MARK_AND_NOTHING);
  expectEntries(7);
  expectFound(first, A, 1);
  expectFound(other, A, 2);
  expectFound(first, MARK, 1);
  expectFound(between, A_AND_MORE, 2);
  // Of several names each goes, from the middle of lists, too, and no other's.
  unbind(first);
  expectEntries(4);
  unbind(first);
  if (find(A, 1) != 0 || find(MARK, 1) != 0 || find(FOOBAR, 0) != 0) fail(Failure.Lost);
  expectFound(other, A, 2);
  expectFound(other, FOOBAR, 6);
  expectFound(between, A_AND_MORE, 2);
  unbind(other);
  expectEntries(1);
  expectFound(between, A_AND_MORE, 2);
  // Of an object that was freed only the name is left, by who died then: nobody finds it, and another gets the name.
  const identity = read(between);
  if (bind(A, 1, first, identity + 1) != GONE) fail(Failure.Lost);
  write(between, identity | DYING);
  if (find(A_AND_MORE, 2) != 0 || bind(A_AND_MORE, 2, between, identity) != GONE) fail(Failure.Lost);
  expectEntries(1);
  if (bind(A_AND_MORE, 2, first, read(first)) != first || namedIdentity != read(first)) fail(Failure.Lost);
  const entry: usize = read(BY_NAME + 4 * BUCKET_OF_A);
  expectEntry(entry, first, A_AND_MORE, 2);
  if (read(objectList(first)) != entry || read(objectList(between)) != 0) fail(Failure.Lost);
  if (load<u32>(entry + nextByName) != 0 || load<u32>(entry + nextByObject) != 0) fail(Failure.Lost);
  expectEntries(1);
  expectFound(first, A_AND_MORE, 2);
  expectFull(other);
  unbind(first);
  if (read(BY_NAME + 4 * BUCKET_OF_A) != 0 || read(objectList(first)) != 0) fail(Failure.Lost);
}

function objectList(named: usize): usize {
  return BY_OBJECT + ((<u32>named / CACHE_LINE) % BUCKETS) * 4;
}

/**
 * Binds a name: its entry is the first of its two lists then, before those that there are; another is told who has it.
 */
function expectBound(named: usize, text: usize, length: u32, bucket: u32): void {
  const list = BY_NAME + 4 * bucket;
  const byName = read(list);
  const byObject = read(objectList(named));
  if (bind(text, length, named, read(named)) != named || namedIdentity != read(named)) fail(Failure.Lost);
  expectNotInside();
  const entry: usize = read(list);
  if (entry == byName || read(objectList(named)) != entry) fail(Failure.Lost);
  if (load<u32>(entry + nextByName) != byName || load<u32>(entry + nextByObject) != byObject) fail(Failure.Lost);
  expectEntry(entry, named, text, length);
  const another = objectOf(0);
  if (bind(text, length, another, read(another)) != named || namedIdentity != read(named)) fail(Failure.NotExclusive);
  expectFound(named, text, length);
}

function expectEntry(entry: usize, named: usize, text: usize, length: u32): void {
  // As small as a block can be.
  if (blockBytes(entry) != ((nameBytes + length + 15) & ~15)) fail(Failure.Lost);
  if (load<u32>(entry) != length || load<u32>(entry + 4) != named || load<u32>(entry + 16) != read(named))
    fail(Failure.Lost);
  for (let i: u32 = 0; i < length; i++) {
    if (load<u8>(entry + nameBytes + i) != load<u8>(text + i)) fail(Failure.Lost);
  }
}

/** Who dies at the end of the section that binds leaves everything as it was, but for the entry. */
function expectUndone(named: usize, text: usize, length: u32, bucket: u32): void {
  const list = BY_NAME + 4 * bucket;
  const byName = read(list);
  const byObject = read(objectList(named));
  if (bind(text, length, named, read(named)) != named) fail(Failure.Lost);
  const entry: usize = read(list);
  store<u32>(my + journal, WORDS_SET);
  rollBack(my);
  if (read(list) != byName || read(objectList(named)) != byObject || find(text, length) != 0) fail(Failure.Lost);
  release(entry);
}

function expectFound(named: usize, text: usize, length: u32): void {
  if (find(text, length) != named || namedIdentity != read(named)) fail(Failure.Lost);
  expectNotInside();
}

/** So many blocks that are no objects. */
function expectEntries(count: u32): void {
  expectNotInside();
  let entries: u32 = 0;
  for (let block = nextBlock(0); block != 0; block = nextBlock(block)) {
    if (objectAround(block) == 0) entries++;
  }
  if (entries != count) fail(Failure.Lost);
}

function expectNotInside(): void {
  if (load<u64>(my + pending) != 0 || load<u32>(my + journal) != 0) fail(Failure.Lost);
}

/** Without room for an entry nothing is bound. */
function expectFull(named: usize): void {
  while (allocate(16384) != 0) {}
  while (allocate(1024) != 0) {}
  while (allocate(24) != 0) {}
  if (bind(FOOBAR, 6, named, read(named)) != 0 || find(FOOBAR, 6) != 0) fail(Failure.Lost);
  expectNotInside();
}

/** The name is there, with one entry; but for what each death has taken away, or left. */
export function names_prove_end(deaths: u32): void {
  expectNothingHeld();
  let entries: u32 = 0;
  for (let block = nextBlock(0); block != 0; block = nextBlock(block)) {
    if (objectAround(block) == 0) entries++;
  }
  enterAs(1);
  const named = find(name, LENGTH);
  if (named == 0 ? deaths == 0 : load<u32>(named + 4) != STAMP) fail(Failure.Lost);
  if (read(agreed) != 0 && read(agreed) != named) fail(Failure.NotExclusive);
  if (entries > 1 + deaths || (entries == 0 && named != 0)) fail(Failure.Lost);
  for (let p: u32 = 0; p < processors(); p++) unbind(objectOf(p));
  if (find(name, LENGTH) != 0) fail(Failure.Lost);
}
