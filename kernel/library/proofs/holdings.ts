/**
 * The list of what a worker holds, proven where one operation follows the other: what each answers, and the words that
 * it leaves, as kernel/library/holdings.ts draws them. One processor acts for the worker of slot 1. And what a death
 * leaves of it.
 *
 *     SCENE | yes | first | second | third | gone: another object by now | block: or a Condition |
 *
 * Objects have an identity, and are used for nothing. What the compiler could know is kept in memory, so that it is the
 * library's code that is executed, not a shorter one.
 */
import { read, write } from "../../atomics";
import { allocate, blockBytes, FREED_BEFORE, release } from "../allocator";
import * as condition from "../condition";
import * as event from "../event";
import { freeObject } from "../free";
import {
  canHold,
  drop,
  dropLast,
  entryOf,
  heldCount,
  heldEntry,
  heldObject,
  hold,
  keepPromise,
  nameLock,
  nameNothing,
  promiseRoom,
  releaseRoom,
} from "../holdings";
import { ASYNCHRONOUS, owner } from "../lock-word";
import { find } from "../names";
import * as once from "../once";
import { leaveOut, Part, repair } from "../repair";
import {
  chunks,
  enterAs,
  entries,
  extra,
  held,
  incarnationOf,
  me,
  my,
  NAMES,
  pending,
  promised,
  recordOf,
  workers,
} from "../space";
import {
  begin,
  expect,
  expectEqual,
  expectNothingHeld,
  fillSpace,
  prepareAlone,
  prepareWorkers,
  SCENE,
} from "./worker";

const yes: usize = SCENE;
const first: usize = SCENE + 4;
const second: usize = SCENE + 8;
const third: usize = SCENE + 12;
const gone: usize = SCENE + 16;
const block: usize = SCENE + 20;

const CONDITION_GUARD: u32 = 8;
/** Entries in the record, and in the chunks. */
const INLINE: u32 = 301;
const FIRST: u32 = 512;
const SECOND: u32 = 1024;
/** Of as many, so many listed are too few to grow for. */
const FEW: u32 = 225;

export function holdings_prove_init(): void {
  prepareAlone(2);
  write(yes, 1);
  for (let place = first; place <= gone; place += 4) write(place, <u32>event.create());
  write(block, <u32>condition.create());
  // Room for chunks.
  memory.grow(4);
}

/** What the list says at an index: the object's address, and its identity. */
function expectEntry(index: u32, object: usize): void {
  expect(heldEntry(my, index) == (<u64>object | ((<u64>read(object)) << 32)));
}

function expectList(count: u32, at0: usize, at1: usize, at2: usize): void {
  expectEqual(heldCount(my), count);
  if (count > 0) expectEntry(0, read(at0));
  if (count > 1) expectEntry(1, read(at1));
  if (count > 2) expectEntry(2, read(at2));
}

/** How much room there is outside of the record, and how much is promised. */
function expectRoom(outside: u32, promises: u32): void {
  expectEqual(load<u32>(my + extra), outside);
  expectEqual(load<u32>(my + promised), promises);
}

function holdTimes(object: usize, times: u32): void {
  for (; times > 0; times--) hold(object);
}

/** The object that `gone` names is another from now on. */
function letGo(): void {
  write(read(gone), read(read(gone)) + 1);
}

export function holdings_prove_list(): void {
  begin();
  hold(read(first));
  expectEqual(read(my + held), 1);
  expect(load<u64>(my + entries) == entryOf(read(first)));
  hold(read(second));
  expect(load<u64>(my + entries + 8) == (<u64>read(second) | ((<u64>read(read(second))) << 32)));
  hold(read(third));
  expectList(3, first, second, third);
  // What is not listed is not taken off.
  drop(read(gone));
  expectList(3, first, second, third);
  drop(read(third));
  expectList(2, first, second, second);
  drop(read(third));
  expectList(2, first, second, second);
  drop(read(first));
  expectList(1, second, second, second);
  drop(read(first));
  expectList(1, second, second, second);
  drop(read(second));
  drop(read(second));
  expectList(0, first, first, first);
  // Who lets go in the order in which it took finds the next one where it took the last one off.
  hold(read(first));
  hold(read(second));
  hold(read(third));
  hold(read(second));
  drop(read(first));
  expectList(3, second, second, third);
  hold(read(first));
  drop(read(second));
  expectList(3, second, first, third);
  drop(read(second));
  expectList(2, third, first, first);
  hold(read(first));
  // The search goes around, up to the last one.
  drop(read(third));
  expectList(2, first, first, first);
  hold(read(third));
  hold(read(second));
  drop(read(third));
  expectList(3, first, first, second);
  hold(read(gone));
  drop(read(first));
  hold(read(third));
  drop(read(second));
  drop(read(third));
  expectList(2, gone, first, first);
  // Of a dead worker.
  dropLast(my);
  expectList(1, gone, gone, gone);
  expectEqual(<u32>heldObject(my, 0), read(gone));
  letGo();
  expectEqual(<u32>heldObject(my, 0), 1);
  // Of an object that was freed meanwhile: behind what is at its place now, and before what is elsewhere.
  hold(read(gone));
  hold(read(first));
  drop(read(gone));
  expectEqual(heldCount(my), 2);
  expectEqual(<u32>heldObject(my, 0), 1);
  expectEntry(1, read(first));
  drop(read(gone));
  expectList(1, first, first, first);
  drop(read(gone));
  expectList(1, first, first, first);
  // What it is about to take.
  nameLock(read(first), read(first) + 4);
  expect(load<u64>(my + pending) == ((<u64>read(first) + 4) | ((<u64>read(read(first))) << 32)));
  nameNothing();
  expect(load<u64>(my + pending) == 0);
}

export function holdings_prove_growth(): void {
  begin();
  holdTimes(read(first), INLINE - 2);
  // One is promised, and there is one place more.
  expect(promiseRoom());
  expectRoom(0, 1);
  expect(canHold());
  expectRoom(0, 1);
  hold(read(second));
  expectRoom(0, 1);
  expect(canHold());
  expectRoom(FIRST, 1);
  keepPromise();
  expectRoom(FIRST, 0);
  const chunk: usize = read(my + chunks);
  expect(blockBytes(chunk) == FIRST * 8 && read(my + chunks + 4) == 0);
  hold(read(second));
  hold(read(third));
  expectEntry(INLINE - 3, read(first));
  expectEntry(INLINE - 2, read(second));
  expect(load<u64>(my + entries + 8 * INLINE - 8) == entryOf(read(second)) && load<u64>(chunk) == entryOf(read(third)));
  holdTimes(read(first), FIRST - 2);
  hold(read(second));
  expect(load<u64>(chunk + 8 * FIRST - 8) == entryOf(read(second)) && heldCount(my) == INLINE + FIRST);
  expectRoom(FIRST, 0);
  // All of the chunk is used.
  expect(promiseRoom());
  expectRoom(FIRST + SECOND, 1);
  expectEqual(read(my + chunks), <u32>chunk);
  const next: usize = read(my + chunks + 4);
  expect(blockBytes(next) == SECOND * 8 && read(my + chunks + 8) == 0);
  hold(read(third));
  hold(read(first));
  expect(load<u64>(next) == entryOf(read(third)) && load<u64>(next + 8) == entryOf(read(first)));
  expect(load<u64>(chunk + 8 * FIRST - 8) == entryOf(read(second)));
  drop(read(third));
  expectEntry(INLINE, read(first));
  // Of a dead worker: all is as it was, but for the words that the list was in.
  for (let index = heldCount(my); index > 0; index--) dropLast(my);
  releaseRoom(my);
  expectRoom(0, 0);
  expect(read(my + chunks) == 0 && read(my + chunks + 4) == 0);
  expect(release(chunk) == FREED_BEFORE && release(next) == FREED_BEFORE);
  expectEntry(0, read(first));
}

/** What was freed falls away: the list grows if that is not a quarter. */
export function holdings_prove_freed(): void {
  begin();
  hold(read(gone));
  hold(read(second));
  holdTimes(read(gone), INLINE - FEW - 2);
  holdTimes(read(first), FEW - 1);
  hold(read(gone));
  letGo();
  expectEqual(heldCount(my), INLINE);
  expect(canHold());
  expectRoom(0, 0);
  expectEqual(heldCount(my), FEW);
  let seconds = 0;
  for (let index: u32 = 0; index < FEW; index++) {
    if (heldEntry(my, index) == entryOf(read(second))) seconds++;
    else expectEntry(index, read(first));
  }
  expectEqual(seconds, 1);
  // With one that is promised they are not so few.
  holdTimes(read(gone), INLINE - FEW - 1);
  letGo();
  expect(promiseRoom());
  expectEqual(heldCount(my), INLINE - 1);
  expect(canHold());
  expectEqual(heldCount(my), FEW);
  expectRoom(FIRST, 1);
}

/** There is no room for a chunk, unless somebody who was cut off has allocated it before. */
export function holdings_prove_full(): void {
  begin();
  holdTimes(read(first), INLINE - 1);
  expect(promiseRoom());
  write(block, <u32>allocate(FIRST * 8));
  fillSpace();
  while (allocate(FIRST * 8) != 0) {}
  expect(!canHold() && !promiseRoom());
  expectRoom(0, 1);
  expect(read(my + chunks) == 0 && heldCount(my) == INLINE - 1);
  write(my + chunks, read(block));
  expect(canHold());
  expectRoom(FIRST, 1);
  expectEqual(read(my + chunks), read(block));
}

/**
 * The guardian has to leave out an object that it cannot repair: it falls off the list. As after a trap, the repair
 * ends in the middle of that: somebody is inside a Condition's guard.
 */
export function holdings_prove_left_out(): void {
  begin();
  const C: usize = read(block);
  hold(read(first));
  hold(C);
  write(C + CONDITION_GUARD, 2);
  enterAs(workers() + 1);
  expect(!repair(1));
  expectEqual(heldCount(recordOf(1)), 2);
  expectEqual(leaveOut(incarnationOf(1)), Part.Object);
  expectEqual(heldCount(recordOf(1)), 1);
  expect(heldEntry(recordOf(1), 0) == entryOf(read(first)));
  expectEqual(load<u32>(my + promised), 0);
}

/** Slot 1 does two Onces, of which it ends the first; if it dies, repair finds the second. */
export function holdings_prove_dropped_init(): void {
  prepareWorkers();
  begin();
  write(first, <u32>once.create());
  write(second, <u32>once.create());
  once.attempt(read(first), ASYNCHRONOUS);
  once.attempt(read(second), ASYNCHRONOUS);
}

export function holdings_prove_dropped(): void {
  begin();
  once.end(read(first), true);
  once.end(read(second), true);
}

export function holdings_prove_dropped_end(): void {
  expectNothingHeld();
  expect(!once.runs(read(first), 1) && !once.runs(read(second), 1));
}

/** Slot 1 frees a Condition: its guard is let go before it is named no more. */
export function holdings_prove_frees_init(): void {
  prepareWorkers();
  write(block, <u32>condition.create());
}

export function holdings_prove_frees(): void {
  begin();
  freeObject(read(block), read(read(block)));
}

export function holdings_prove_frees_end(): void {
  expectNothingHeld();
  expectEqual(owner(read(block) + CONDITION_GUARD), 0);
}

/** Slot 1 looks for a name: the directory's guard is let go before it is named no more. */
export function holdings_prove_finds_init(): void {
  prepareWorkers();
}

export function holdings_prove_finds(): void {
  begin();
  find(SCENE, 4);
}

export function holdings_prove_finds_end(): void {
  expectNothingHeld();
  expectEqual(owner(NAMES), 0);
}

/** Slot 1 ends in good order, and has a chunk; also if it is cut off, and repaired once more. */
export function holdings_prove_ends_init(): void {
  prepareWorkers();
  begin();
  write(my + chunks, <u32>allocate(FIRST * 8));
}

export function holdings_prove_ends(): void {
  begin();
  repair(me);
}

/** Whoever repairs it next gives back no block that another could have by now. */
export function holdings_prove_in_use(): bool {
  const chunk = read(recordOf(1) + chunks);
  return chunk == 0 || blockBytes(chunk) != 0;
}

export function holdings_prove_ends_end(): void {
  expectEqual(read(recordOf(1) + chunks), 0);
}
