/**
 * Writes of a SharedCache: those of a map (map-write.ts), within the bounds of a partition.
 *
 * 1. Set: in the guarded section, if the new node fits into what is left of the partition, with what the old one leaves, it is
 *    linked in. Else the section ends; one that is to leave is taken out in a section of its own; and again.
 * 2. The version of the key's hash is odd from before the write to after it. Who keeps a value, has read the version before
 *    it looked, and finds that the same one is there and even: the value is the key's. A death leaves it odd until the
 *    next write: then nobody keeps a value, and nobody is wrong.
 *
 * Invariant: outside of guarded sections, and in them, a partition never has more entries or units than it may. What is
 * evicted changes no version: who has kept its value may use it still.
 */
import { read, write } from "../atomics";
import { allocate, release } from "./allocator";
import { unitsIn } from "./cache";
import {
  evictions,
  isExpired,
  isInMain,
  mainUnits,
  mostEntries,
  mostUnits,
  placeOf,
  smallUnits,
  VERSIONS,
  versionAt,
} from "./cache-layout";
import { intendInstead, intendNew, intendOut, nextToLeave, remember } from "./cache-queues";
import { leaveObject } from "./existence";
import { enter, leave } from "./guard";
import { orderFor, partitionFor } from "./map";
import { hashOf, settleKey } from "./map-key";
import {
  counts,
  key,
  keyHeader,
  linkOf,
  nextOf,
  nodeBytes,
  orderOf,
  partitionAt,
  partitionsOf,
  readLink,
  stamp,
  unitsOf,
} from "./map-layout";
import { change, collect, collectAll, enterMap, makeWay, mark, releaseReady, tryAdvance } from "./map-limbo";
import { before, bucketFor, firstAfter, found, grow, seek, startFor } from "./map-list";
import { count, DONE, FULL, holds, OTHERWISE, stampOf } from "./map-write";
import { FREED } from "./objects";

/** A condition beside those of map-write.ts: no key of its hash's version was written since. */
export const IF_VERSION: u32 = 5;

/** Results of one section. */
const LINKED: u32 = 16;
/** Others have to leave before. */
const CROWDED: u32 = 17;

/** An order of no node. */
const NONE: i64 = -1;
/** Units that leave for one that finds the space full, at once; as blocks of one size come back to all in spans. */
const SPAN_UNITS: u32 = 4096;
/** How often. */
const TRIES: u32 = 8;

/**
 * Sets a key: both are written at A, which is a block for the node itself (`blockFor`) if `isBlock`; that is used, or freed.
 * What a condition expects is written at A, where a node has its stamp. FULL also if it is longer than a partition may be.
 */
export function put(C: usize, identity: u32, A: usize, isBlock: bool, condition: u32, now: f64): u32 {
  if (!enterMap(C, identity)) {
    if (isBlock) release(A);
    return FREED;
  }
  if (unitsOf(A) > read(C + mostUnits)) {
    if (isBlock) release(A);
    leaveObject();
    return FULL;
  }
  settleKey(A);
  const hash = hashOf(C, A);
  const P = partitionFor(C, hash);
  const order = orderFor(hash);
  const node = isBlock ? A : allocateFor(C, identity, A, now);
  if (node == FREED) return FREED;
  let result = FULL;
  if (node != 0) {
    if (!isBlock) memory.copy(node + keyHeader, A + keyHeader, nodeBytes(A) - keyHeader);
    do {
      if (!makeWay(C, identity, P)) {
        release(node);
        return FREED;
      }
      result = putGuarded(C, P, order, A, node, condition, versionAt(C, hash));
      releaseReady();
      if (result == CROWDED) evict(C, P, now);
    } while (result == CROWDED);
    if (result == LINKED) grow(C, P);
    else release(node);
  }
  leaveObject();
  return result == LINKED ? DONE : result;
}

/** A block for a node whose headers say how long its key and its value are, as they are written at A. 0: no room; FREED. */
export function blockFor(C: usize, identity: u32, A: usize, now: f64): usize {
  if (!enterMap(C, identity)) return FREED;
  const node = allocateFor(C, identity, A, now);
  if (node == FREED) return FREED;
  leaveObject();
  if (node != 0) memory.copy(node + keyHeader, A + keyHeader, key - keyHeader);
  return node;
}

/** A block for what is written at A; entries leave if the space is full. 0: no room; FREED: and the worker is outside. */
function allocateFor(C: usize, identity: u32, A: usize, now: f64): usize {
  const bytes = nodeBytes(A);
  const units = unitsOf(A);
  let node = allocate(bytes);
  if (node != 0) return node;
  // What has left already may do.
  if (!collectAll(C, identity)) return FREED;
  node = allocate(bytes);
  // Nor would there be room if all left.
  if (node == 0 && unitsIn(C) < <f64>units) return 0;
  for (let tries: u32 = 0; node == 0 && tries < TRIES; tries++) {
    if (!shrink(C, identity, (tries == 0 ? units : 0) + SPAN_UNITS, now)) return FREED;
    if (!collectAll(C, identity)) return FREED;
    node = allocate(bytes);
  }
  return node;
}

/** Lets so many units leave, if there are so many, one of each partition in turn. False: it was freed. */
function shrink(C: usize, identity: u32, most: u32, now: f64): bool {
  let left: i64 = most;
  let isEmpty = false;
  while (left > 0 && !isEmpty) {
    isEmpty = true;
    for (let p: u32 = 0, all = partitionsOf(C); p < all && left > 0; p++) {
      const P = partitionAt(C, p);
      if (entriesIn(P) == 0) continue;
      isEmpty = false;
      if (!makeWay(C, identity, P)) return false;
      left -= evict(C, P, now);
    }
  }
  return true;
}

function entriesIn(P: usize): u32 {
  return <u32>atomic.load<u64>(P + counts);
}

function putGuarded(C: usize, P: usize, order: u32, A: usize, node: usize, condition: u32, version: usize): u32 {
  enter(C, P);
  seek(bucketFor(C, P, order, A), order, A);
  const old = found;
  let result = OTHERWISE;
  if (condition == IF_VERSION ? read(version) == load<u32>(A + stamp) : holds(condition, old, A)) {
    if (fits(C, P, node, old)) {
      beginWrite(version);
      link(C, P, order, node, old);
      endWrite(version);
      result = LINKED;
    } else result = CROWDED;
  }
  leave(P);
  return result;
}

function fits(C: usize, P: usize, node: usize, old: usize): bool {
  const more: i64 = <i64>unitsOf(node) - (old != 0 ? unitsOf(old) : 0);
  if (more + smallUnits(P) + mainUnits(P) > <i64>read(C + mostUnits)) return false;
  return old != 0 || entriesIn(P) < read(C + mostEntries);
}

/** After `seek`. */
function link(C: usize, P: usize, order: u32, node: usize, old: usize): void {
  const place = before;
  const there = readLink(place);
  const behind = old != 0 ? nextOf(readLink(old)) : nextOf(there);
  store<u64>(node + stamp, stampOf(C, P));
  atomic.store<u64>(node, linkOf(order, behind));
  if (old != 0) mark(C, old, 0);
  const entries = old != 0 ? intendInstead(0, P, node, old) : intendNew(0, C, P, node, order);
  const units = old != 0 ? unitsOf(old) : 0;
  change(entries, C, P, place, linkOf(orderOf(there), node), old, old, units, old != 0 ? 0 : 1);
}

/** Takes the node behind `place` out. */
function unlink(C: usize, P: usize, place: usize, node: usize): void {
  count(P);
  mark(C, node, 0);
  const link = linkOf(orderOf(readLink(place)), nextOf(readLink(node)));
  change(intendOut(0, P, node), C, P, place, link, node, node, unitsOf(node), -1);
}

function beginWrite(version: usize): void {
  write(version, read(version) | 1);
}

function endWrite(version: usize): void {
  write(version, read(version) + 1);
}

/** Takes one out of a partition, or makes some change their places: how many units have left. */
function evict(C: usize, P: usize, now: f64): u32 {
  let units: u32 = 0;
  enter(C, P);
  const node = nextToLeave(C, P, now);
  if (node != 0) {
    const order = orderOf(readLink(node));
    units = unitsOf(node);
    if (!isInMain(placeOf(node)) && !isExpired(node, now)) remember(C, P, order);
    seek(startFor(P, order), order, node);
    atomic.store<u64>(P + evictions, load<u64>(P + evictions) + 1);
    unlink(C, P, before, node);
  }
  leave(P);
  releaseReady();
  return units;
}

/** Deletes a key, which is written at A. DONE, OTHERWISE or FREED. Also where none is there, its version changes. */
export function remove(C: usize, identity: u32, A: usize, condition: u32): u32 {
  if (!enterMap(C, identity)) return FREED;
  settleKey(A);
  const hash = hashOf(C, A);
  const P = partitionFor(C, hash);
  const order = orderFor(hash);
  if (!makeWay(C, identity, P)) return FREED;
  const version = versionAt(C, hash);
  let result = OTHERWISE;
  enter(C, P);
  beginWrite(version);
  seek(bucketFor(C, P, order, A), order, A);
  if (found != 0 && holds(condition, found, A)) {
    unlink(C, P, before, found);
    result = DONE;
  }
  endWrite(version);
  leave(P);
  releaseReady();
  leaveObject();
  return result;
}

/** Deletes all entries that are there all the time; one partition after the other. False: it was freed. */
export function clear(C: usize, identity: u32): bool {
  if (!enterMap(C, identity)) return false;
  for (let p: u32 = 0, all = partitionsOf(C); p < all; p++) {
    const P = partitionAt(C, p);
    // First, so that what was loaded before is not put behind the one who takes out.
    changeVersions(C, P, p);
    let done: i64 = 0;
    do {
      if (!makeWay(C, identity, P)) return false;
      done = clearNext(C, P, <u32>done);
      releaseReady();
    } while (done != NONE);
    // And last, for somebody may have kept what was evicted since the first.
    changeVersions(C, P, p);
    tryAdvance(C);
    while (collect(C, P)) {}
  }
  leaveObject();
  return true;
}

/** Of all keys: nobody keeps a value longer. */
function changeVersions(C: usize, P: usize, p: u32): void {
  enter(C, P);
  for (let v: u32 = 0; v < VERSIONS; v++) {
    const version = versionAt(C, p | ((<u64>v) << 6));
    beginWrite(version);
    endWrite(version);
  }
  leave(P);
}

/** Takes out the first entry behind an order: the order to go on behind, NONE if there was no entry. */
function clearNext(C: usize, P: usize, order: u32): i64 {
  let last = NONE;
  enter(C, P);
  const node = firstAfter(P, order);
  if (node != 0) {
    const its = orderOf(readLink(node));
    const version = versionAt(C, hashOf(C, node));
    seek(startFor(P, its), its, node);
    beginWrite(version);
    unlink(C, P, before, node);
    endWrite(version);
    const behind = nextOf(readLink(before));
    last = behind != 0 && orderOf(readLink(behind)) == its ? its - 1 : its;
  }
  leave(P);
  return last;
}
