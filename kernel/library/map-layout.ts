/**
 * Where a SharedMap's words are: the map, its partitions, and the nodes of their lists.
 *
 *     M          | identity | epoch | partitions | turns | seed: 16 bytes | ... partition 0 | partition 1 ...
 *     partition  | guard: 16 bytes | counts: 8 | limbo: 8 | writes: 8 |             the writers' line
 *                | bits | 0 | head: 8 | segment of level 1 | of level 2 ... |       the readers' line
 *     segment    | bucket: 8 | bucket ... |                       of level l: 2^(l-1) of them
 *     node       | link: 8 | limbo: 8 | stamp: 8 | key's size and form | value's size and form | key ... | value ...
 *
 *     link       order in the low 32 bits, the next node in the high ones; a head and a bucket are links, too
 *     order      of a node, the high 32 bits of ... its key's hash, odd; of a bucket, even: list.ts
 *     counts     entries in the low 32 bits; in the high ones, units of 16 bytes that are in limbo
 *     limbo      of a partition: the first node in limbo, and the last one; of a node: the next one, and its epoch
 *     stamp      of whichever write made the node: no two nodes of a map have the same
 *     turns      a mask: a writer looks whether the epoch can be advanced where these bits of `writes` are 0
 *
 * A link is read and written as one word of 64 bits, so that a reader that has it has a node's order, too.
 */
import { read } from "../atomics";
import { CACHE_LINE } from "./space";

export const epoch: u32 = 4;
export const partitions: u32 = 8;
export const turns: u32 = 12;
export const seed: u32 = 16;

const FIRST: u32 = CACHE_LINE;
const PARTITION_BYTES: u32 = 2 * CACHE_LINE;

// In a partition; its guard is at 0, and guard.ts says how long that is.
export const counts: u32 = 16;
export const limbo: u32 = 24;
export const writes: u32 = 32;
export const bits: u32 = CACHE_LINE;
export const head: u32 = bits + 8;
const segments: u32 = head + 8;
/** Levels of buckets: those for which the readers' line has room. */
export const LEVELS: u32 = 28;

export const LINK_BYTES: u32 = 8;

// In a node, and in what is looked for, which is written as a node is.
export const inLimbo: u32 = 8;
export const stamp: u32 = 16;
export const keyHeader: u32 = 24;
export const valueHeader: u32 = 28;
export const key: u32 = 32;

// Forms of keys: 2 bits.
export const NUMBER_KEY: u32 = 0;

// Forms of values: 3 bits.
export const NUMBER: u32 = 0;
/** Somebody is making the value; see packages/library/src/shared-map.ts. */
export const PLACEHOLDER: u32 = 7;
/** The same in the map of a cache's loads, in which it counts as an entry. */
export const LOADING: u32 = 6;

export function mapBytes(count: u32): u32 {
  return FIRST + count * PARTITION_BYTES;
}

export function partitionAt(M: usize, p: u32): usize {
  return M + FIRST + p * PARTITION_BYTES;
}

export function numberOf(M: usize, P: usize): u32 {
  return (<u32>(P - M) - FIRST) / PARTITION_BYTES;
}

/** Where the address of a level's segment is, from 1 on. */
export function segmentOf(P: usize, level: u32): usize {
  return P + segments + (level - 1) * 4;
}

export function linkOf(order: u32, next: usize): u64 {
  return <u64>order | ((<u64>next) << 32);
}

export function readLink(at: usize): u64 {
  return atomic.load<u64>(at);
}

export function nextOf(link: u64): usize {
  return <usize>(link >> 32);
}

export function orderOf(link: u64): u32 {
  return <u32>link;
}

/** Whether it is a node, and not a bucket. */
export function isNode(link: u64): bool {
  return (link & 1) != 0;
}

export function keyBytes(A: usize): u32 {
  return load<u32>(A + keyHeader) >> 2;
}

/** Where its value begins. */
export function valueAt(A: usize): usize {
  return A + key + ((keyBytes(A) + 7) & ~7);
}

function valueBytes(A: usize): u32 {
  return load<u32>(A + valueHeader) >> 3;
}

export function formOf(A: usize): u32 {
  return load<u32>(A + valueHeader) & 7;
}

export function nodeBytes(A: usize): u32 {
  return <u32>(valueAt(A) - A) + valueBytes(A);
}

/** Units of 16 bytes that a node takes. */
export function unitsOf(A: usize): u32 {
  return (nodeBytes(A) + 15) / 16;
}

export function partitionsOf(M: usize): u32 {
  return read(M + partitions);
}
