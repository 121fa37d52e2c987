/**
 * SharedCache: a SharedMap of a certain size. What is set leaves when there is no more room, or when its time has ended.
 * cache-layout.ts has the words, cache-queues.ts says who leaves, and cache-write.ts how.
 *
 * 1. Look: as in a map. An entry whose expiry is not later than `now` is none, but for who asks for stale ones. Who looks counts
 *    in its worker's line, and in the entry's frequency, if that is not 3 yet: of a key that is asked for often, readers write
 *    nothing that others read.
 * 2. Before it looks, the version of the key's hash is read: it says how long what was found can be kept.
 *
 * Invariant: as in a map, a key has at most one node, and a write is made whole; and the cache's bounds hold (cache-write.ts).
 */
import { read, write } from "../atomics";
import {
  cacheBytes,
  evictions,
  ghostMask,
  ghosts,
  ghostsFrom,
  isExpired,
  lineOf,
  lines,
  linesFrom,
  loading,
  mainUnits,
  mostEntries,
  mostUnits,
  smallUnits,
  versionAt,
  versions,
  versionsFrom,
} from "./cache-layout";
import { prepareQueues, touch } from "./cache-queues";
import { enterObject, leaveObject } from "./existence";
import { freeObject } from "./free";
import { create as createMap, orderFor, partitionFor, prepare } from "./map";
import { hashOf, settleKey } from "./map-key";
import { counts, formOf, inLimbo, partitionAt, partitionsOf } from "./map-layout";
import { enterMap } from "./map-limbo";
import { found, seek, startFor } from "./map-list";
import { createObject, FREED, Kind } from "./objects";
import { me, workers } from "./space";

/** Where `find` leaves a version's address, and what it was, from where the key is written on. */
const answer: u32 = inLimbo;

/** Results of `find`, beside FREED and a node. */
export const ABSENT: u32 = 0;

// What is counted: words of a line.
export const HITS: u32 = 0;
/** Values that workers have kept. */
export const KEPT: u32 = 8;
export const STALE: u32 = 16;
export const MISSES: u32 = 24;
export const LOADS: u32 = 32;
export const ERRORS: u32 = 40;

/** A form of values: what a load has thrown. */
const ERROR: u32 = 4;

/** What `find` is for: 0 counts nothing. */
export const COUNTED: u32 = 1;
export const STALE_TOO: u32 = 2;
export const ERRORS_TOO: u32 = 4;

/** `count`, `slots`: powers of two. `units`, `entries`: of a partition. 0: the space is full. */
export function create(
  count: u32,
  slots: u32,
  units: u32,
  entries: u32,
  seed0: u32,
  seed1: u32,
  seed2: u32,
  seed3: u32,
): usize {
  const L = createMap(1, seed3, seed2, seed1, seed0);
  if (L == 0) return 0;
  const C = createObject(Kind.SharedCache, cacheBytes(count, slots));
  if (C == 0) {
    freeObject(L, read(L));
    return 0;
  }
  prepare(C, count, seed0, seed1, seed2, seed3);
  write(C + mostUnits, units);
  write(C + mostEntries, entries);
  write(C + versions, versionsFrom(count));
  write(C + lines, linesFrom(count));
  write(C + ghosts, ghostsFrom(count));
  write(C + ghostMask, slots - 1);
  write(C + loading, <u32>L);
  write(C + loading + 4, read(L));
  for (let p: u32 = 0; p < count; p++) prepareQueues(partitionAt(C, p));
  return C;
}

/** ABSENT, FREED; or a node: then the worker is inside, and has to leave. Counts `kept`, too. */
export function find(C: usize, identity: u32, A: usize, now: f64, what: u32, kept: u32): usize {
  if (!enterMap(C, identity)) return FREED;
  if (kept != 0) add(C, KEPT, kept);
  settleKey(A);
  const hash = hashOf(C, A);
  const P = partitionFor(C, hash);
  const order = orderFor(hash);
  const version = versionAt(C, hash);
  store<u32>(A + answer, <u32>version);
  store<u32>(A + answer, read(version), 4);
  seek(startFor(P, order), order, A);
  const node = found;
  const isStale = node != 0 && isExpired(node, now);
  if (node == 0 || (isStale && !(what & STALE_TOO)) || (formOf(node) == ERROR && !(what & ERRORS_TOO))) {
    if (what & COUNTED) add(C, MISSES, 1);
    leaveObject();
    return ABSENT;
  }
  if (what & COUNTED) {
    touch(node);
    add(C, isStale ? STALE : HITS, 1);
  }
  return node;
}

/** Whether anybody loads a value: there is a placeholder in the map of `loading`. Not if the cache was freed. */
export function isLoading(C: usize, identity: u32): bool {
  if (!enterObject(C, identity)) return false;
  const isThere = <u32>atomic.load<u64>(partitionAt(read(C + loading), 0) + counts) != 0;
  leaveObject();
  return isThere;
}

/** Counts in the worker's line: by who is inside, or knows that nobody frees it. */
export function add(C: usize, which: u32, more: u32): void {
  const word = lineOf(C, me) + which;
  atomic.store<u64>(word, load<u64>(word) + more);
}

/** What all workers have counted, one after the other. */
export function sumOf(C: usize, which: u32): f64 {
  let all: u64 = 0;
  for (let slot: u32 = 0, last = workers() + 1; slot <= last; slot++) all += atomic.load<u64>(lineOf(C, slot) + which);
  return <f64>all;
}

export function evictionsOf(C: usize): f64 {
  let all: u64 = 0;
  for (let p: u32 = 0, count = partitionsOf(C); p < count; p++) all += atomic.load<u64>(partitionAt(C, p) + evictions);
  return <f64>all;
}

/** Of all partitions, one after the other. */
export function unitsIn(C: usize): f64 {
  let all: u64 = 0;
  for (let p: u32 = 0, count = partitionsOf(C); p < count; p++) {
    const P = partitionAt(C, p);
    all += <u64>smallUnits(P) + mainUnits(P);
  }
  return <f64>all;
}
