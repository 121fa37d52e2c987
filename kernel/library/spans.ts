/**
 * Spans: pages divided into blocks of one size class, which one worker, the owner, hands out. Any worker frees them. A
 * span begins in its first page, p, at line p mod COLOURS:
 *
 *     0      constants   | bytes of a block | reciprocal | offset of the first block | blocks | groups | size class |
 *     128    owner's     | used | group | next | previous | listed |
 *     256    free        a bit for each block, in groups of 64: where the owner finds one
 *     768    returned    a bit for each block, in the same groups: freed by another worker
 *     1280   live        a byte for each block, written by the owner: 1 from its allocation until it is freed
 *     then   blocks      beginning on a cache line
 *
 * 1. The owner allocates a block: takes its bit out of `free`, then sets `live`.
 * 2. The owner frees a block: clears `live`, then puts its bit into `free`.
 * 3. Another frees it: sees that it is live, and sets its bit in `returned`, unless it is set.
 * 4. The owner takes home what was returned: clears `live`, then `returned`, then puts the bits into `free`.
 *
 * Invariant: a block is in use exactly if it is live and not returned, which one store or one or-ing changes. The rest
 * can be made from that, so that an owner may die between any two instructions: who repairs does so. `live` needs no
 * atomics: while others may free a block, its owner has nothing to write there, until it sees that one has; each block
 * has a byte of its own for this. What is freed twice is seen, in `live` or in `returned`.
 *
 * After mimalloc (Leijen, Zorn & de Moura, APLAS 2019), whose lists of free blocks lie in these: bits survive who
 * writes to a block that it has freed.
 */
import { addressOf } from "./pages";
import { bytesOf, OBJECTS, pagesOf } from "./size-classes";
import { CACHE_LINE, PAGE } from "./space";

const bytes: u32 = 0;
const reciprocal: u32 = 4;
const first: u32 = 8;
const blocks: u32 = 12;
const groups: u32 = 16;
const ofClass: u32 = 20;

const used: u32 = 128;
/** Where to look for a free block first. */
const group: u32 = 132;
// The list of its class in the owner's heap; see allocator.ts.
export const next: u32 = 136;
export const previous: u32 = 140;
export const listed: u32 = 144;

const free: u32 = 256;
const returned: u32 = 768;
const live: u32 = 1280;

/**
 * Headers of neighbours begin at so many different lines of their pages, so that they do not meet in one set of a
 * cache.
 */
const COLOURS: u32 = 16;
/** Bytes from which on the engine clears a block faster than a loop does. */
const LONG: u32 = 128;
/** The index of no block. */
export const NO_BLOCK: u32 = 0xffffffff;

/** The address of the span that begins in a page, which is that of its header. */
export function spanAt(page: u32): usize {
  return addressOf(page) + (page % COLOURS) * CACHE_LINE;
}

export function pageOf(span: usize): u32 {
  return <u32>span / PAGE;
}

/** Makes a span of pages that nobody else uses. */
export function format(span: usize, sizeClass: u32, clean: bool): void {
  const size = bytesOf(sizeClass);
  const room = pagesOf(sizeClass) * PAGE - (<u32>span % PAGE);
  let count = (room - live) / (size + 1);
  while (beginOf(count) + count * size > room) count--;
  if (!clean) memory.fill(span, 0, beginOf(count));
  store<u32>(span + bytes, size);
  store<u32>(span + reciprocal, 0xffffffff / size + 1);
  store<u32>(span + first, beginOf(count));
  store<u32>(span + blocks, count);
  store<u32>(span + groups, (count + 63) / 64);
  store<u32>(span + ofClass, sizeClass);
  // No word of those who had the pages before must be taken for an object's identity.
  if (isOfObjects(span)) {
    for (let index: u32 = 0; index < count; index++) store<u32>(blockAt(span, index), 0);
  }
  findFree(span);
}

/** Whether its blocks are those of objects: it is one for ever then. */
export function isOfObjects(span: usize): bool {
  return (load<u32>(span + ofClass) & OBJECTS) != 0;
}

function beginOf(count: u32): u32 {
  return (live + count + CACHE_LINE - 1) & ~(CACHE_LINE - 1);
}

export function classOfSpan(span: usize): u32 {
  return load<u32>(span + ofClass);
}

export function bytesOfBlock(span: usize): u32 {
  return load<u32>(span + bytes);
}

export function blocksOf(span: usize): u32 {
  return load<u32>(span + blocks);
}

/** The first block after an address that is in use; 0 for none. */
export function inUseAfter(span: usize, address: usize): usize {
  const begin = blockAt(span, 0);
  let index: u32 = address < begin ? 0 : <u32>(address - begin) / load<u32>(span + bytes) + 1;
  for (const end = load<u32>(span + blocks); index < end; index++) {
    if (isInUse(span, index)) return blockAt(span, index);
  }
  return 0;
}

/** Blocks in use, as far as the owner knows. */
export function usedOf(span: usize): u32 {
  return load<u32>(span + used);
}

/** The index of the block that begins at an address of the span, NO_BLOCK if none does. */
export function indexOf(span: usize, address: usize): u32 {
  const offset = <u32>(address - span) - load<u32>(span + first);
  // Exact for the multiples of a block's size; of the others, the product differs.
  const index = <u32>((<u64>offset * load<u32>(span + reciprocal)) >> 32);
  return index < load<u32>(span + blocks) && index * load<u32>(span + bytes) == offset ? index : NO_BLOCK;
}

/** Where the block begins that an address of the span lies in, 0 if it lies in none. */
export function blockAround(span: usize, address: usize): usize {
  const begin = blockAt(span, 0);
  if (address < begin) return 0;
  const index = <u32>(address - begin) / load<u32>(span + bytes);
  return index < load<u32>(span + blocks) ? blockAt(span, index) : 0;
}

function blockAt(span: usize, index: u32): usize {
  return span + load<u32>(span + first) + index * load<u32>(span + bytes);
}

export function isInUse(span: usize, index: u32): bool {
  return load<u8>(span + live + index) != 0 && !(atomic.load<u64>(groupOf(span + returned, index)) & bitOf(index));
}

function groupOf(bits: usize, index: u32): usize {
  return bits + (index >> 6) * 8;
}

function bitOf(index: u32): u64 {
  return (<u64>1) << (index & 63);
}

/** Owner: a free block, zeroed but for an object's first word, of the group where one was last; 0 if there is none. */
export function take(span: usize): usize {
  const at = load<u32>(span + group);
  const bits = load<u64>(span + free + at * 8);
  if (bits == 0) return 0;
  const index = at * 64 + <u32>ctz(bits);
  store<u64>(span + free + at * 8, bits & (bits - 1));
  store<u8>(span + live + index, 1);
  store<u32>(span + used, load<u32>(span + used) + 1);
  const block = blockAt(span, index);
  if (isOfObjects(span)) memory.fill(block + 4, 0, load<u32>(span + bytes) - 4);
  else clear(block, load<u32>(span + bytes));
  return block;
}

function clear(block: usize, size: u32): void {
  if (size >= LONG) {
    memory.fill(block, 0, size);
    return;
  }
  for (const end = block + size; block < end; block += 16) {
    store<u64>(block, 0);
    store<u64>(block, 0, 8);
  }
}

/** Owner: finds a group with a free block; false if there is none. */
export function seek(span: usize): bool {
  for (let g: u32 = 0, end = load<u32>(span + groups); g < end; g++) {
    if (load<u64>(span + free + g * 8) == 0) continue;
    store<u32>(span + group, g);
    return true;
  }
  return false;
}

/** Owner: frees a block that is in use. */
export function put(span: usize, index: u32): void {
  store<u8>(span + live + index, 0);
  const bits = groupOf(span + free, index);
  store<u64>(bits, load<u64>(bits) | bitOf(index));
  store<u32>(span + group, index >> 6);
  store<u32>(span + used, load<u32>(span + used) - 1);
}

/** Not the owner: frees a block that is in use; false if another has. */
export function giveBack(span: usize, index: u32): bool {
  return !(atomic.or<u64>(groupOf(span + returned, index), bitOf(index)) & bitOf(index));
}

/** Owner: takes home what others returned, so many blocks. */
export function takeHome(span: usize): u32 {
  let count: u32 = 0;
  for (let g: u32 = 0, end = load<u32>(span + groups); g < end; g++) {
    const bits = atomic.load<u64>(span + returned + g * 8);
    if (bits == 0) continue;
    for (let rest = bits; rest != 0; rest &= rest - 1) {
      const flag = span + live + g * 64 + <u32>ctz(rest);
      count += load<u8>(flag);
      store<u8>(flag, 0);
    }
    atomic.and<u64>(span + returned + g * 8, ~bits);
    store<u64>(span + free + g * 8, load<u64>(span + free + g * 8) | bits);
    store<u32>(span + group, g);
  }
  store<u32>(span + used, load<u32>(span + used) - count);
  return count;
}

/**
 * For an owner that is gone: makes `free` and the count from what is live. An heir has only to take home what is
 * returned since.
 */
export function restore(span: usize): void {
  takeHome(span);
  findFree(span);
  store<u32>(span + listed, 0);
}

function findFree(span: usize): void {
  const count = load<u32>(span + blocks);
  let inUse: u32 = 0;
  for (let begin: u32 = 0; begin < count; begin += 64) {
    let bits: u64 = 0;
    for (let index = begin, end = min(begin + 64, count); index < end; index++) {
      if (load<u8>(span + live + index) == 0) bits |= bitOf(index);
      else inUse++;
    }
    store<u64>(groupOf(span + free, begin), bits);
  }
  store<u32>(span + used, inUse);
  store<u32>(span + group, 0);
}
