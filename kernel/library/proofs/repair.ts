/**
 * Repair, proven: what a worker leaves is mended part by part, also if the guardian is refused, cut off, or traps.
 *
 *     SCENE    | changed | ledger | locked | older | newer | freed | chunk | 1 once the guardian has stopped |
 *     bed      a word on which others sleep
 *
 * - Trap: the guardian stops at any instruction, and goes on as packages/library/src/platform/guardian.ts does. A trap
 *   would end the proof, so that it dies there: its record, and the space, are the same. It leaves out the part that it
 *   was at, and mends all others.
 * - Sleepers: all who sleep where the dead one slept wake, also if the guardian is cut off and does it again.
 */
import { read, write } from "../../atomics";
import { processor } from "../../machine";
import { allocate } from "../allocator";
import { IS_GUARD, set } from "../guard";
import { entryOf, heldCount, nameLock } from "../holdings";
import { issue, transfer, unitsIn, unitsOf } from "../ledger";
import { asynchronous, NOW, owner, tryAcquire } from "../lock-word";
import { bind, find } from "../names";
import { createObject, DYING, Kind, kindOf, OBJECT_HEADER } from "../objects";
import * as once from "../once";
import { intend } from "../redo";
import { leaveOut, Part, repair } from "../repair";
import { CLASSES } from "../size-classes";
import { sleepOn } from "../sleep";
import * as space from "../space";
import { attach, CACHE_LINE, enterAs, isLive, my, NAMES, nextIncarnation, recordOf } from "../space";
import { expect, expectEqual, prepareAlone, SCENE } from "./worker";

const changed: usize = SCENE;
const ledger: usize = SCENE + 4;
const locked: usize = SCENE + 8;
const older: usize = SCENE + 12;
const newer: usize = SCENE + 16;
const freed: usize = SCENE + 20;
const chunk: usize = SCENE + 24;
const hasStopped: usize = SCENE + 28;
const bed: usize = SCENE + CACHE_LINE;
const name: usize = bed + 4;

const SLOTS: u32 = 3;
const GUARDIAN: u32 = SLOTS + 1;
/** In an object: a word of its own, behind those of its kind. */
export const MARK: u32 = 64;
/** Bytes of such an object. */
export const MARKED: u32 = 128;
/** Where the allocator's lists of spans for objects begin in its part of a record. */
const OBJECT_LISTS: u32 = 768;
/** In a Once: the word of those who wait for it without blocking. */
const ONCE_ASYNCHRONOUS: u32 = 12;
/** Lists of the directory of names. */
const LISTS: u32 = 128;
/** Bytes of the first chunk of a list. */
const CHUNK: u32 = 4096;

/** Workers of slots 1 and 2. */
export function repair_prove_init(): void {
  prepareAlone(SLOTS);
  memory.grow(8);
  attach(nextIncarnation(), true);
  enterAs(1);
}

/**
 * The worker of slot 1 leaves something of everything. `guarded`: it was in a guarded section, else about to take a
 * lock.
 */
export function repair_prove_init_all(guarded: bool): void {
  repair_prove_init();
  leaveAll(guarded);
}

export function leaveAll(guarded: bool): void {
  const K = createObject(Kind.Counter, MARKED);
  write(changed, <u32>K);
  intend(0, K + MARK, 7);
  store<u64>(my + space.redoOf, entryOf(K));
  store<u32>(my + space.redo, 1);
  // A move that was made, before its worker wrote what it has.
  const W = createObject(Kind.Counter, MARKED) + 8;
  write(ledger, <u32>W);
  issue(W, 3);
  transfer(W, read(W - 8), 1, 2);
  store<u32>(W + 8 + 8, 0);
  store<u32>(my + space.move, <u32>W);
  write(older, <u32>once.create());
  write(newer, <u32>once.create());
  once.attempt(read(older), NOW);
  once.attempt(read(newer), NOW);
  write(chunk, <u32>allocate(CHUNK));
  store<u32>(my + space.chunks, read(chunk));
  store<u32>(my + space.extra, CHUNK / 8);
  store<u32>(my + space.promised, 2);
  const D = createObject(Kind.Counter, MARKED);
  write(freed, <u32>D);
  write(name, 0x64636261);
  bind(name, 4, D, read(D));
  write(D, read(D) | DYING);
  write(my + space.inside, <u32>D);
  const L = createObject(Kind.Counter, MARKED);
  write(locked, <u32>L);
  nameLock(L, (L + OBJECT_HEADER) | (guarded ? IS_GUARD : 0));
  tryAcquire(L + OBJECT_HEADER);
  if (guarded) set(L + MARK, 5);
  write(my + space.waitsFor, read(older));
  write(my + space.thread, 5);
  write(my + space.slept, <u32>bed);
  write(my + space.sleeping, <u32>bed);
}

/** What `leaveAll` left is mended, but for the part that was left out. */
export function expectMended(without: Part = <Part>0): void {
  const R = recordOf(1);
  const L = read(locked);
  expect(space.isSpace() && !isLive(1) && space.competing() == 1);
  if (without != Part.Changes) expect(read(read(changed) + MARK) == 7 && unitsOf(read(ledger), 1) == 2);
  expect(unitsIn(read(ledger)) == 1);
  if (without != Part.Pending) {
    expect(owner(L + OBJECT_HEADER) == 0 && read(L + MARK) == 0);
    // It was freed: what is left there is a generation.
    expect(find(name, 4) == 0 && <u32>kindOf(read(freed)) == 0);
  }
  if (without != Part.Object) expect(!once.runs(read(older), 1) && !once.runs(read(newer), 1));
  expectEmpty(R);
}

/** Nothing is left in a record, from what was being changed to the heap. */
function expectEmpty(R: usize): void {
  expect(heldCount(R) == 0 && load<u32>(R + space.extra) == 0 && load<u32>(R + space.promised) == 0);
  expect(read(R + space.chunks) == 0 && load<u32>(R + space.redo) == 0 && load<u32>(R + space.move) == 0);
  expect(load<u64>(R + space.pending) == 0 && load<u32>(R + space.journal) == 0 && read(R + space.inside) == 0);
  expect(read(R + space.slept) == 0 && read(R + space.sleeping) == 0);
  expect(read(R + space.waitsFor) == 0 && read(R + space.thread) == 0);
  expect(!hasSpans(R));
}

/** Spans of its heap: two lists for each size. */
function hasSpans(R: usize): bool {
  let lists: u32 = 0;
  for (let at: u32 = 0; at < CLASSES * 4; at += 4) {
    lists |= load<u32>(R + space.heap + at) | load<u32>(R + space.heap + OBJECT_LISTS + at);
  }
  return lists != 0;
}

/** The guardian, which may stop anywhere. Before, it has repaired others. */
export function repair_prove_guardian(): void {
  enterAs(GUARDIAN);
  store<u32>(my + space.repairing, Part.Heap);
  expect(repair(1));
}

export function repair_prove_end(): void {
  enterAs(2);
  if (read(hasStopped) == 0) expectMended();
}

/** It stopped: it finds where, leaves that out, and goes on. */
export function repair_prove_trap(dead: u32): void {
  enterAs(GUARDIAN);
  const R = recordOf(1);
  if (!isLive(1)) {
    expectMended();
    return;
  }
  write(hasStopped, 1);
  // A wait is forgotten before anything is let go: else it would be found in a cycle.
  if (read(R + space.waitsFor) != 0) {
    expect(owner(read(locked) + OBJECT_HEADER) == 1 && once.runs(read(newer), 1) && heldCount(R) == 2);
    return;
  }
  expectInside(R);
  const stopped = stoppedAt(R);
  const isNamed = hasNames() || load<u32>(my + space.journal) != 0;
  const listed = heldCount(R);
  const named = load<u64>(R + space.pending);
  const failed = leaveOut(1);
  expect(read(my + space.inside) == 0 && load<u64>(my + space.pending) == 0 && load<u32>(my + space.journal) == 0);
  if (stopped != 0) expectEqual(failed, stopped);
  // It does not begin again where it stopped.
  expect(hasNames() == isNamed);
  expectEqual(heldCount(R), failed == Part.Object && listed != 0 ? listed - 1 : listed);
  if (failed == Part.Changes) {
    expect(load<u32>(R + space.redo) == 0 && load<u32>(R + space.move) == 0);
    expect(load<u64>(R + space.pending) == named && listed == 2 && read(R + space.inside) == read(freed));
  }
  if (failed == Part.Pending) {
    expect(load<u32>(R + space.journal) == 0 && load<u64>(R + space.pending) == 0 && read(R + space.inside) == 0);
  }
  expectEqual(read(R + space.slept) == 0 ? 1 : 0, failed >= <u32>Part.Sleep ? 1 : 0);
  // There is nothing to go on with: the slot stays taken.
  if (failed == Part.Heap) return;
  expect(repair(1));
  expectMended(<Part>failed);
}

/** Where it changes an object it is inside of it. A guard is free only once its section is undone. */
function expectInside(R: usize): void {
  const L: usize = read(locked);
  const free = owner(L + OBJECT_HEADER) != 1;
  const O: usize = read(newer);
  expect(!free || read(L + MARK) == 0);
  if (free && read(L + OBJECT_HEADER + asynchronous) == 0) expectEqual(read(my + space.inside), <u32>L);
  if (!once.runs(O, 1) && read(O + ONCE_ASYNCHRONOUS) == 0) expectEqual(read(my + space.inside), <u32>O);
}

/** Whether any name is in the directory. */
function hasNames(): bool {
  let words: u32 = 0;
  for (let list: u32 = 0; list < LISTS; list++) words |= read(NAMES + CACHE_LINE + 4 * list);
  return words != 0;
}

/** No more is taken off the list than was on it. */
export function repair_prove_invariant(): i32 {
  return heldCount(recordOf(1)) <= 2 ? 1 : 0;
}

/** The part whose work has begun and is not over, by what it has changed; 0 between two parts. */
function stoppedAt(R: usize): u32 {
  if (read(read(changed) + MARK) == 7 && load<u32>(R + space.redo) != 0) return Part.Changes;
  if (unitsOf(read(ledger), 1) == 2 && load<u32>(R + space.move) != 0) return Part.Changes;
  if (owner(read(locked) + OBJECT_HEADER) != 1 && load<u64>(R + space.pending) != 0) return Part.Pending;
  const listed = heldCount(R);
  if (listed == 2 && !once.runs(read(newer), 1)) return Part.Object;
  if (listed == 1 && !once.runs(read(older), 1)) return Part.Object;
  if (load<u32>(R + space.promised) == 0 && read(R + space.chunks) != 0) return Part.Object;
  if (read(R + space.sleeping) == 0 && read(R + space.slept) != 0) return Part.Sleep;
  return hasSpans(R) ? 0 : <u32>Part.Heap;
}

/** Processors 0 and 1 sleep where the dead one slept. */
export function repair_prove_sleep(): void {
  enterAs(processor() + 2);
  sleepOn(bed, 0, -1);
}

export function repair_prove_init_sleep(): void {
  repair_prove_init();
  attach(nextIncarnation(), true);
  enterAs(1);
  write(my + space.slept, <u32>bed);
  write(my + space.sleeping, <u32>bed);
}

/** What the sleepers look for has come, but they were not woken. */
export function repair_prove_wake(): void {
  enterAs(GUARDIAN);
  write(bed, 1);
  expect(repair(1));
}

/** The guardian was cut off, and does it again. */
export function repair_prove_again(dead: u32): void {
  repair_prove_wake();
}
