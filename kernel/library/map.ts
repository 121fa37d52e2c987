/**
 * SharedMap: keys and values in blocks of their own. Readers take no lock and write no shared word; writers lock one of the
 * partitions. map-layout.ts has the words.
 *
 * 1. Look: enter the map (map-limbo.ts), find the key's node (map-list.ts), read what it needs of it, leave. A node's key and
 *    value do not change while it can be found; but a number does, by one store.
 * 2. Set: write a node; then, in the partition's guarded section, find the key, and make the link before it lead to the new
 *    node, which leads to what was behind the old one (map-write.ts).
 *
 * Invariant: a key has at most one node in its partition's list. A write is the store of one link, or of one number; with it
 * go the count and the limbo, by a redo. So a worker that dies has made all of it, or nothing, and who has seen a value sees
 * it, or a later one, from then on. A worker that dies before or after the section leaves its node, or the few that it was
 * freeing, unfreed.
 *
 * What is looked for is written as a node is: at `scratch`, a block that each worker has that uses maps; or in a block of its
 * own, if it is larger.
 */
import { write } from "../atomics";
import { allocateLines } from "./allocator";
import { leaveObject } from "./existence";
import { hashOf, settleKey } from "./map-key";
import {
  counts,
  formOf,
  inLimbo,
  key,
  mapBytes,
  NUMBER,
  PLACEHOLDER,
  partitionAt,
  partitions,
  partitionsOf,
  seed,
  turns,
  valueAt,
  writes,
} from "./map-layout";
import { enterMap } from "./map-limbo";
import { firstAfter, found, nodeAfter, seek, startFor } from "./map-list";
import { createObject, FREED, Kind } from "./objects";
import { mapScratch, my, workers } from "./space";

export const SCRATCH_BYTES: u32 = 1024;
/** Where `find` leaves a number, from where the key is written on. */
const answer: u32 = inLimbo;

/** Results of `find`, beside FREED and a node. */
export const ABSENT: u32 = 0;
/** At `answer` is a number. */
export const IS_NUMBER: u32 = 1;
/** Somebody is making the value; the node is at `answer`, and the worker inside. */
export const IS_MADE: u32 = 2;

/** Writes of a partition until the next look whether the epoch can be advanced: as many as the look has records to read. */
const LEAST_TURNS: u32 = 32;

/** `count`: a power of two. 0: the space is full. */
export function create(count: u32, seed0: u32, seed1: u32, seed2: u32, seed3: u32): usize {
  const M = createObject(Kind.SharedMap, mapBytes(count));
  if (M != 0) prepare(M, count, seed0, seed1, seed2, seed3);
  return M;
}

/** Makes words that are zero a map with no entry. */
export function prepare(M: usize, count: u32, seed0: u32, seed1: u32, seed2: u32, seed3: u32): void {
  store<u32>(M + partitions, count);
  store<u32>(M + seed, seed0);
  store<u32>(M + seed, seed1, 4);
  store<u32>(M + seed, seed2, 8);
  store<u32>(M + seed, seed3, 12);
  let mask = LEAST_TURNS;
  while (mask < workers()) mask *= 2;
  write(M + turns, mask - 1);
}

/** Where this worker writes what it looks for; 0: there is no room. */
export function scratch(): usize {
  if (load<u32>(my + mapScratch) == 0) store<u32>(my + mapScratch, <u32>allocateLines(SCRATCH_BYTES));
  return load<u32>(my + mapScratch);
}

/** The node of the key that is written at A, 0 for none: by who is inside. */
export function lookUp(M: usize, A: usize): usize {
  settleKey(A);
  const hash = hashOf(M, A);
  const P = partitionFor(M, hash);
  const order = orderFor(hash);
  seek(startFor(P, order), order, A);
  return found;
}

export function partitionFor(M: usize, hash: u64): usize {
  return partitionAt(M, <u32>hash & (load<u32>(M + partitions) - 1));
}

export function orderFor(hash: u64): u32 {
  return <u32>(hash >> 32) | 1;
}

/** ABSENT, IS_NUMBER, FREED; or a node, or IS_MADE: then the worker is inside, and has to leave. */
export function find(M: usize, identity: u32, A: usize): usize {
  if (!enterMap(M, identity)) return FREED;
  const node = lookUp(M, A);
  if (node == 0) {
    leaveObject();
    return ABSENT;
  }
  const form = formOf(node);
  if (form == PLACEHOLDER) {
    store<u32>(A + answer, <u32>node);
    return IS_MADE;
  }
  if (form != NUMBER) return node;
  store<f64>(A + answer, numberAt(node));
  leaveObject();
  return IS_NUMBER;
}

/** Whether there is a value: 1 or 0; or FREED. */
export function has(M: usize, identity: u32, A: usize): u32 {
  if (!enterMap(M, identity)) return FREED;
  const node = lookUp(M, A);
  const is = node != 0 && formOf(node) != PLACEHOLDER;
  leaveObject();
  return is ? 1 : 0;
}

/** Of a node whose value is a number. */
export function numberAt(node: usize): f64 {
  return reinterpret<f64>(atomic.load<i64>(valueAt(node)));
}

/**
 * The first node of partition p whose order is greater; then the worker is inside, and has to leave. 0: there is none;
 * FREED.
 */
export function after(M: usize, identity: u32, p: u32, order: u32): usize {
  if (!enterMap(M, identity)) return FREED;
  const node = firstAfter(partitionAt(M, p), order);
  if (node == 0) leaveObject();
  return node;
}

/** The node after one, 0 for none: by who is inside. */
export function next(node: usize): usize {
  return nodeAfter(node);
}

/**
 * Entries: exact, if two passes over the partitions, one after the other, find the same. Else the sum of what each partition
 * had at some moment of its own. -1: it was freed.
 */
export function size(M: usize, identity: u32, passes: u32): f64 {
  if (!enterMap(M, identity)) return -1;
  const before = load<u32>(my + mapScratch) + key;
  let last: u64 = 0;
  let entries: u64 = 0;
  for (let pass: u32 = 0; pass < passes; pass++) {
    let now: u64 = 0;
    let isSame = pass > 0;
    entries = 0;
    for (let p: u32 = 0, all = partitionsOf(M); p < all; p++) {
      const P = partitionAt(M, p);
      const count = <u32>atomic.load<u64>(P + counts);
      if (count != load<u32>(before + p * 4)) isSame = false;
      store<u32>(before + p * 4, count);
      entries += count;
      now += atomic.load<u64>(P + writes);
    }
    // A write is counted first, in the section that makes it: so between the passes each partition had what both have found.
    if (isSame && now == last) break;
    last = now;
  }
  leaveObject();
  return <f64>entries;
}
