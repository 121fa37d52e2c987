/**
 * Writes of a SharedMap: what map.ts says, in a partition's guarded section.
 *
 *     before -> old -> behind        one link, that of `before`, is changed:
 *     before -> new -> behind        set; and `old` goes into the limbo
 *     before -> behind               delete
 *
 * A node is allocated and written before the section. Where old and new value are numbers, none is needed: the number is
 * stored. A condition says what the write is to find: who has read something first, and writes only if it is so still.
 */
import { allocate, release } from "./allocator";
import { leaveObject } from "./existence";
import { enter, leave } from "./guard";
import { orderFor, partitionFor } from "./map";
import { hashOf, isNoNumber, settleKey } from "./map-key";
import {
  formOf,
  isNode,
  key,
  keyHeader,
  LOADING,
  linkOf,
  NUMBER,
  nextOf,
  nodeBytes,
  numberOf,
  orderOf,
  PLACEHOLDER,
  partitionAt,
  partitionsOf,
  readLink,
  stamp,
  unitsOf,
  valueAt,
  writes,
} from "./map-layout";
import { change, collect, collectAll, enterMap, makeWay, mark, releaseReady, tryAdvance } from "./map-limbo";
import { before, bucketFor, found, grow, seek, startFor } from "./map-list";
import { FREED } from "./objects";

/** Results, beside FREED. */
export const DONE: u32 = 0;
/** It is not what the condition says. */
export const OTHERWISE: u32 = 1;
export const FULL: u32 = 2;

/** Conditions: what is there. With IF_NUMBER and IF_STAMP, `expected` is the number's bits, or the node's stamp. */
export const ALWAYS: u32 = 0;
/** Not even a placeholder. */
export const IF_NOTHING: u32 = 1;
/** No value. */
export const IF_ABSENT: u32 = 2;
export const IF_NUMBER: u32 = 3;
export const IF_STAMP: u32 = 4;

/** Nodes that `clear` takes out at once. */
const RUN: u32 = 32;
/** An order of no node. */
const NONE: i64 = -1;
/** Bits of a partition's number in a stamp. */
const PARTITION_BITS: u64 = 6;

/** What a condition expects is written at A, where a node has its stamp. */
export function holds(condition: u32, node: usize, A: usize): bool {
  switch (condition) {
    case IF_NOTHING:
      return node == 0;
    case IF_ABSENT:
      return node == 0 || formOf(node) == PLACEHOLDER;
    case IF_NUMBER:
      return node != 0 && formOf(node) == NUMBER && isSame(load<u64>(valueAt(node)), load<u64>(A + stamp));
    case IF_STAMP:
      return node != 0 && load<u64>(node + stamp) == load<u64>(A + stamp);
  }
  return true;
}

/** Whether numbers are the same, by their bits; a NaN may have others by the time that it comes back. */
function isSame(a: u64, b: u64): bool {
  return a == b || (isNoNumber(a) && isNoNumber(b));
}

/** Whether it counts as an entry. */
function isEntry(node: usize): i32 {
  return node != 0 && formOf(node) != PLACEHOLDER ? 1 : 0;
}

/** The Mutex that was in the placeholder that this worker's last write has taken away, and its identity; 0: none was. */
let maker: u64 = 0;

export function makerTaken(): u32 {
  return <u32>maker;
}

export function makerIdentity(): u32 {
  return <u32>(maker >> 32);
}

function noteMaker(old: usize): void {
  if (old != 0 && formOf(old) >= LOADING) maker = load<u64>(valueAt(old));
}

/** Results of one section. */
const LINKED: u32 = 16;
const STORED: u32 = 17;
/** It was a number, and is none any more: a node is needed. */
const AGAIN: u32 = 18;

/** Sets a key: both are written at A, which is a block for the node itself (blockFor) if `isBlock`; that is used, or freed. */
export function put(M: usize, identity: u32, A: usize, isBlock: bool, condition: u32): u32 {
  if (!enterMap(M, identity)) {
    if (isBlock) release(A);
    return FREED;
  }
  maker = 0;
  settleKey(A);
  const hash = hashOf(M, A);
  const P = partitionFor(M, hash);
  const order = orderFor(hash);
  let node: usize = isBlock ? A : 0;
  let result = FREED;
  if (makeWay(M, identity, P)) {
    do {
      if (node == 0 && !(formOf(A) == NUMBER && isNumberNow(P, order, A))) {
        node = copyOf(A);
        if (node == 0) {
          if (!collectAll(M, identity)) return FREED;
          node = copyOf(A);
        }
        if (node == 0) {
          leaveObject();
          return FULL;
        }
      }
      result = putGuarded(M, P, order, A, node, condition);
      releaseReady();
    } while (result == AGAIN);
    if (result == LINKED) grow(M, P);
    leaveObject();
  }
  if (result == LINKED) return DONE;
  if (node != 0) release(node);
  return result == STORED ? DONE : result;
}

function isNumberNow(P: usize, order: u32, A: usize): bool {
  seek(startFor(P, order), order, A);
  return found != 0 && formOf(found) == NUMBER;
}

/** A node of what is written at A; 0: there is no room. */
function copyOf(A: usize): usize {
  const bytes = nodeBytes(A);
  const node = allocate(bytes);
  if (node != 0) memory.copy(node + keyHeader, A + keyHeader, bytes - keyHeader);
  return node;
}

/** A block for a node whose headers say how long its key and its value are, as they are written at A. 0: no room; FREED. */
export function blockFor(M: usize, identity: u32, A: usize): usize {
  let node = allocate(nodeBytes(A));
  if (node == 0) {
    if (!enterMap(M, identity) || !collectAll(M, identity)) return FREED;
    leaveObject();
    node = allocate(nodeBytes(A));
  }
  if (node != 0) memory.copy(node + keyHeader, A + keyHeader, key - keyHeader);
  return node;
}

function putGuarded(M: usize, P: usize, order: u32, A: usize, node: usize, condition: u32): u32 {
  enter(M, P);
  seek(bucketFor(M, P, order, A), order, A);
  let result = OTHERWISE;
  const old = found;
  if (holds(condition, old, A)) {
    if (old != 0 && formOf(old) == NUMBER && formOf(A) == NUMBER) {
      atomic.store<u64>(valueAt(old), load<u64>(valueAt(A)));
      result = STORED;
    } else if (node == 0) {
      result = AGAIN;
    } else {
      noteMaker(old);
      link(M, P, order, node, old);
      result = LINKED;
    }
  }
  leave(P);
  return result;
}

/** After `seek`. */
function link(M: usize, P: usize, order: u32, node: usize, old: usize): void {
  const place = before;
  const there = readLink(place);
  const behind = old != 0 ? nextOf(readLink(old)) : nextOf(there);
  store<u64>(node + stamp, stampOf(M, P));
  atomic.store<u64>(node, linkOf(order, behind));
  if (old != 0) mark(M, old, 0);
  const more = isEntry(node) - isEntry(old);
  change(0, M, P, place, linkOf(orderOf(there), node), old, old, old != 0 ? unitsOf(old) : 0, more);
}

/** Of a new node: counts a write. */
export function stampOf(M: usize, P: usize): u64 {
  return (count(P) << PARTITION_BITS) | <u64>numberOf(M, P);
}

/** Counts a write of the partition. */
export function count(P: usize): u64 {
  const number = load<u64>(P + writes) + 1;
  atomic.store<u64>(P + writes, number);
  return number;
}

/** Deletes a key, which is written at A; with ALWAYS if it has a value. DONE, OTHERWISE or FREED. */
export function remove(M: usize, identity: u32, A: usize, condition: u32): u32 {
  if (!enterMap(M, identity)) return FREED;
  maker = 0;
  settleKey(A);
  const hash = hashOf(M, A);
  const P = partitionFor(M, hash);
  const order = orderFor(hash);
  if (!makeWay(M, identity, P)) return FREED;
  let result = OTHERWISE;
  seek(startFor(P, order), order, A);
  if (found != 0) {
    enter(M, P);
    seek(bucketFor(M, P, order, A), order, A);
    const old = found;
    if (condition == ALWAYS ? isEntry(old) != 0 : old != 0 && holds(condition, old, A)) {
      noteMaker(old);
      unlink(M, P, before, old, old, unitsOf(old), isEntry(old));
      result = DONE;
    }
    leave(P);
    releaseReady();
  }
  leaveObject();
  return result;
}

/** Takes out what is behind `place`: the nodes from one to another. */
function unlink(M: usize, P: usize, place: usize, first: usize, last: usize, units: u32, entries: i32): void {
  count(P);
  mark(M, last, 0);
  const link = linkOf(orderOf(readLink(place)), nextOf(readLink(last)));
  change(0, M, P, place, link, first, last, units, -entries);
}

/** Deletes all entries that are there all the time; one partition after the other. False: it was freed. */
export function clear(M: usize, identity: u32): bool {
  if (!enterMap(M, identity)) return false;
  for (let p: u32 = 0, all = partitionsOf(M); p < all; p++) {
    const P = partitionAt(M, p);
    let done: i64 = 0;
    do {
      if (!makeWay(M, identity, P)) return false;
      enter(M, P);
      done = clearRun(M, P, <u32>done);
      leave(P);
      releaseReady();
    } while (done != NONE);
    tryAdvance(M);
    while (collect(M, P)) {}
  }
  leaveObject();
  return true;
}

/** Takes out a run of entries, the first ones behind an order: the order to go on behind, NONE if there was no entry. */
function clearRun(M: usize, P: usize, order: u32): i64 {
  let place = startFor(P, order);
  let at = nextOf(readLink(place));
  while (at != 0 && (orderOf(readLink(at)) <= order || !isEntryAt(at))) {
    place = at;
    at = nextOf(readLink(at));
  }
  if (at == 0) return NONE;
  const first = at;
  let units = unitsOf(at);
  let entries: u32 = 1;
  let behind = nextOf(readLink(at));
  for (; entries < RUN && behind != 0 && isEntryAt(behind); entries++) {
    mark(M, at, behind);
    at = behind;
    units += unitsOf(at);
    behind = nextOf(readLink(at));
  }
  const last = orderOf(readLink(at));
  unlink(M, P, place, first, at, units, entries);
  // Of the same order there may be one behind a placeholder.
  return behind != 0 && orderOf(readLink(behind)) == last ? last - 1 : last;
}

function isEntryAt(at: usize): bool {
  return isNode(readLink(at)) && isEntry(at) != 0;
}
