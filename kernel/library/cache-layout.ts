/**
 * Where a SharedCache's words are: it is a SharedMap (map-layout.ts) with more in it.
 *
 *     C          | ... a map's | most units | most entries | versions | lines | ghosts | mask | loading: 8 | options: 48 |
 *                | partition ... | versions of each partition | line of each worker | ghosts of each partition |
 *     partition  | ... a map's | small: 8 | main: 8 | units: 8 | clock | ... | evictions: 8 |
 *     node       | ... a map's | key ... | place: 32 bytes | value ... |
 *
 *     place      | neighbours: 8 | node and queue | 0 | expiry: f64 | frequency | 0 |
 *     neighbours the place before in the low 32 bits, the one behind in the high ones; `small` and `main` are such words, too,
 *                and the ends of their queues
 *     units      of 16 bytes that the nodes of `small` take, in the low 32 bits; those of `main` in the high ones
 *     version    of all keys whose hashes lead there: odd while one of them is written
 *     line       of a worker's slot: what it has counted, words of 64 bits
 *     ghost      order in the low 32 bits, the clock in the high ones
 *     loading    the address and the identity of a SharedMap; packages/library/src/cache/loading.ts
 *
 * A place is the beginning of what is a value for the map.
 */
import { read } from "../atomics";
import { mapBytes, partitionsOf, valueAt } from "./map-layout";
import { CACHE_LINE, workers } from "./space";

export const mostUnits: u32 = 32;
export const mostEntries: u32 = 36;
export const versions: u32 = 40;
export const lines: u32 = 44;
export const ghosts: u32 = 48;
export const ghostMask: u32 = 52;
export const loading: u32 = 56;
/** Six numbers that say how the cache was made: packages/library reads them. */
export const options: u32 = 64;

// In a partition.
export const small: u32 = 40;
export const main: u32 = 48;
export const units: u32 = 56;
export const clock: u32 = 64;
export const evictions: u32 = 72;

// In a place.
export const itself: u32 = 8;
export const expiry: u32 = 16;
export const frequency: u32 = 24;
export const PLACE_BYTES: u32 = 32;

/** In `itself`, beside the node's address. */
export const IN_MAIN: u64 = 1;

/** Versions of each partition. */
export const VERSIONS: u32 = 64;
const VERSION_BYTES: u32 = 4;
const GHOST_BYTES: u32 = 8;

/** `slots`: of each partition's ghosts, a power of two. */
export function cacheBytes(count: u32, slots: u32): u32 {
  return linesFrom(count) + (workers() + 2) * CACHE_LINE + count * slots * GHOST_BYTES;
}

/** Where the versions begin, of a cache with so many partitions. */
export function versionsFrom(count: u32): u32 {
  return mapBytes(count);
}

export function linesFrom(count: u32): u32 {
  return versionsFrom(count) + count * VERSIONS * VERSION_BYTES;
}

export function ghostsFrom(count: u32): u32 {
  return linesFrom(count) + (workers() + 2) * CACHE_LINE;
}

/** Where the version of a hash is. */
export function versionAt(C: usize, hash: u64): usize {
  const partition = <u32>hash & (partitionsOf(C) - 1);
  const which = <u32>(hash >> 6) & (VERSIONS - 1);
  return C + read(C + versions) + (partition * VERSIONS + which) * VERSION_BYTES;
}

export function lineOf(C: usize, slot: u32): usize {
  return C + read(C + lines) + slot * CACHE_LINE;
}

export function ghostAt(C: usize, partition: u32, order: u32): usize {
  const mask = read(C + ghostMask);
  return C + read(C + ghosts) + (partition * (mask + 1) + ((order >> 1) & mask)) * GHOST_BYTES;
}

export function placeOf(node: usize): usize {
  return valueAt(node);
}

export function pair(low: usize, high: usize): u64 {
  return <u64>low | ((<u64>high) << 32);
}

export function previousOf(place: usize): usize {
  return <u32>load<u64>(place);
}

export function nextPlace(place: usize): usize {
  return <usize>(load<u64>(place) >> 32);
}

export function nodeOf(place: usize): usize {
  return <u32>(load<u64>(place + itself) & ~IN_MAIN);
}

export function isInMain(place: usize): bool {
  return (load<u64>(place + itself) & IN_MAIN) != 0;
}

export function smallUnits(P: usize): u32 {
  return <u32>atomic.load<u64>(P + units);
}

export function mainUnits(P: usize): u32 {
  return <u32>(atomic.load<u64>(P + units) >> 32);
}

/** Whether an entry has ended. */
export function isExpired(node: usize, now: f64): bool {
  return load<f64>(placeOf(node) + expiry) <= now;
}
