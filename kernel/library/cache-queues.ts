/**
 * The queues of a SharedCache's partition, in S3-FIFO: `small`, of what came lately, and `main`, of what was asked for again.
 * Which keys have left `small` without that, the ghosts say.
 *
 *     small -> place <-> place <-> ... -> small         a ring: the word of the partition is its end on both sides
 *
 * 1. A key that is a ghost comes last into `main`, any other one last into `small`. Who looks for a key counts in its
 *    `frequency`, up to 3.
 * 2. To evict: if `small` has a tenth of the units or more, or `main` has none, its first one leaves, and is a ghost; or it comes
 *    last into `main`, if it was looked for twice. Else the first one of `main` leaves, if its frequency is 0; or it comes last,
 *    and its frequency is one less.
 *
 * Invariant: each node of the partition's list is in one queue, which is written in the partition's guarded section; and the
 * units are those of the nodes. What changes of a queue is in the same redo as what changes of the list. Frequencies and ghosts
 * are hints: a count may be lost, and a ghost forgotten.
 *
 * Source: Yang, Zhang, Qiu, Yue & Vigfusson, FIFO Queues are All You Need for Cache Eviction, SOSP 2023, Algorithm 1.
 */
import { read, write } from "../atomics";
import {
  clock,
  frequency,
  ghostAt,
  IN_MAIN,
  isExpired,
  isInMain,
  itself,
  main,
  mainUnits,
  nextPlace,
  nodeOf,
  pair,
  placeOf,
  previousOf,
  small,
  smallUnits,
  units,
} from "./cache-layout";
import { counts, numberOf, unitsOf } from "./map-layout";
import { carryOut, intend } from "./redo";

/** Of frequencies. */
const MOST: u32 = 3;
/** From which on what leaves `small` comes into `main`. */
const TWICE: u32 = 2;
/** `small` has one part in so many. */
const SMALL_PART: u64 = 10;
/** Nodes that change their places before one is to leave, in one section. */
const MOVES: u32 = 16;

/** Counts that a key was looked for: by who is inside. */
export function touch(node: usize): void {
  const at = placeOf(node) + frequency;
  const present = read(at);
  if (present < MOST) write(at, present + 1);
}

/** Both queues of a new partition. */
export function prepareQueues(P: usize): void {
  store<u64>(P + small, pair(P + small, P + small));
  store<u64>(P + main, pair(P + main, P + main));
}

/** Entries of a redo that put a new node into a queue: how many there are then. */
export function intendNew(entries: u32, C: usize, P: usize, node: usize, order: u32): u32 {
  const place = placeOf(node);
  const isMain = isGhost(C, P, order);
  const queue = P + (isMain ? main : small);
  const last = previousOf(queue);
  atomic.store<u64>(place, pair(last, queue));
  atomic.store<u64>(place + itself, <u64>node | (isMain ? IN_MAIN : 0));
  write(place + frequency, 0);
  const all = intendLast(entries, queue, last, place);
  return intendUnits(all, P, isMain ? 0 : unitsOf(node), isMain ? unitsOf(node) : 0);
}

/** The same, for one that takes the place of another. */
export function intendInstead(entries: u32, P: usize, node: usize, old: usize): u32 {
  const place = placeOf(node);
  const there = placeOf(old);
  const previous = previousOf(there);
  const next = nextPlace(there);
  const isMain = isInMain(there);
  atomic.store<u64>(place, pair(previous, next));
  atomic.store<u64>(place + itself, <u64>node | (isMain ? IN_MAIN : 0));
  write(place + frequency, read(there + frequency));
  let all = entries;
  if (previous == next) intend(all++, previous, <i64>pair(place, place));
  else {
    intend(all++, previous, <i64>pair(previousOf(previous), place));
    intend(all++, next, <i64>pair(place, nextPlace(next)));
  }
  const more = unitsOf(node) - unitsOf(old);
  return intendUnits(all, P, isMain ? 0 : more, isMain ? more : 0);
}

/** The same, for one that is taken out. */
export function intendOut(entries: u32, P: usize, node: usize): u32 {
  const place = placeOf(node);
  const all = intendWithout(entries, place);
  const less: u32 = 0 - unitsOf(node);
  return intendUnits(all, P, isInMain(place) ? 0 : less, isInMain(place) ? less : 0);
}

function intendLast(entries: u32, queue: usize, last: usize, place: usize): u32 {
  if (last == queue) {
    intend(entries, queue, <i64>pair(place, place));
    return entries + 1;
  }
  intend(entries, last, <i64>pair(previousOf(last), place));
  intend(entries + 1, queue, <i64>pair(place, nextPlace(queue)));
  return entries + 2;
}

function intendWithout(entries: u32, place: usize): u32 {
  const previous = previousOf(place);
  const next = nextPlace(place);
  if (previous == next) {
    intend(entries, previous, <i64>pair(previous, previous));
    return entries + 1;
  }
  intend(entries, previous, <i64>pair(previousOf(previous), next));
  intend(entries + 1, next, <i64>pair(previous, nextPlace(next)));
  return entries + 2;
}

function intendUnits(entries: u32, P: usize, moreSmall: u32, moreMain: u32): u32 {
  intend(entries, P + units, <i64>pair(smallUnits(P) + moreSmall, mainUnits(P) + moreMain));
  return entries + 1;
}

/** The node that is to leave next, 0 if others are to be looked at first, or there is none: in the guarded section. */
export function nextToLeave(C: usize, P: usize, now: f64): usize {
  for (let moves: u32 = 0; moves < MOVES; moves++) {
    const isSmall = leavesSmall(P);
    const queue = P + (isSmall ? small : main);
    const place = nextPlace(queue);
    if (place == queue) return 0;
    const often: u32 = isExpired(nodeOf(place), now) ? 0 : read(place + frequency);
    if (isSmall && often >= TWICE) promote(C, P, place);
    else if (!isSmall && often > 0) {
      write(place + frequency, often - 1);
      rotate(C, queue, place);
    } else return nodeOf(place);
  }
  return 0;
}

function leavesSmall(P: usize): bool {
  const few = smallUnits(P);
  const many = mainUnits(P);
  return many == 0 || <u64>few * SMALL_PART >= <u64>few + many;
}

/** Puts the first one of `small` last into `main`. */
function promote(C: usize, P: usize, place: usize): void {
  const node = nodeOf(place);
  const queue = P + main;
  const last = previousOf(queue);
  write(place + frequency, 0);
  let entries = intendWithout(0, place);
  entries = intendLast(entries, queue, last, place);
  intend(entries++, place, <i64>pair(last, queue));
  intend(entries++, place + itself, <i64>(<u64>node | IN_MAIN));
  carryOut(C, intendUnits(entries, P, 0 - unitsOf(node), unitsOf(node)));
}

/** Puts the first one of a queue last. */
function rotate(C: usize, queue: usize, first: usize): void {
  const second = nextPlace(first);
  const last = previousOf(queue);
  if (first == last) return;
  intend(0, queue, <i64>pair(first, second));
  intend(1, first, <i64>pair(last, queue));
  if (second == last) {
    intend(2, second, <i64>pair(queue, first));
    carryOut(C, 3);
    return;
  }
  intend(2, second, <i64>pair(queue, nextPlace(second)));
  intend(3, last, <i64>pair(previousOf(last), first));
  carryOut(C, 4);
}

/** Of a node of `small` that is evicted: its key comes into `main` if it comes soon again. */
export function remember(C: usize, P: usize, order: u32): void {
  const now = read(P + clock) + 1;
  write(P + clock, now);
  atomic.store<u64>(ghostAt(C, numberOf(C, P), order), <u64>order | ((<u64>now) << 32));
}

/** Whether its key left `small` not longer ago than there are entries. */
function isGhost(C: usize, P: usize, order: u32): bool {
  const ghost = atomic.load<u64>(ghostAt(C, numberOf(C, P), order));
  return <u32>ghost == order && read(P + clock) - <u32>(ghost >> 32) <= <u32>atomic.load<u64>(P + counts);
}
