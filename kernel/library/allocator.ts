/**
 * The allocator: a heap for each worker, which hands out the blocks of spans that it owns (spans.ts), without atomics;
 * blocks above LARGEST bytes are pages (pages.ts). A block may be freed by any worker and goes home to the span's
 * owner.
 *
 *     heap, in the worker's record
 *     0      lists     of each size class, spans that have or may have free blocks; the first is in use
 *     256    hints     bit p mod 4096: a block was returned to the span at page p, whose owner was this worker
 *
 *     768    lists     of each size class, of objects' spans
 *
 * Blocks of objects lie in spans of their own, and their first words are the objects' identities (objects.ts), which
 * stay there when they are freed. A span of objects is one for ever, so that its words are never anything else: no
 * program's bytes pass for an identity. An object of more than LARGEST bytes has pages of its own, which say so as long
 * as it is there.
 *
 * A span that turns out to be full is taken off its list, and comes back when a block of it is freed. A span without
 * used blocks is kept if it is the only one of its list, until there is another or memory is short; else its pages are
 * freed, unless it is of objects.
 *
 * 1. Whoever returns a block sets the hint after it; the owner clears hints before it takes blocks home. It does so
 *    whenever one of its spans turns out to be full.
 * 2. A worker that ends or dies leaves orphans: the spans in which there are blocks in use. Who needs a span of the class
 *    adopts one by compare_and_swap of the page's word. Who returns a block to one has it for a moment, LEAVING: it takes
 *    home what was returned, and gives the span up; the pages are free if that was the last block in use.
 * 3. Who returns a block to a span that is LEAVING takes that mark off. Whoever gives the span up finds it off, and looks
 *    again: so no block is returned that nobody takes home.
 *
 * Invariant: a block is in use as spans.ts and pages.ts say, whatever lists and hints say, which only lead there. So a
 * worker that dies, at any instruction, leaves at most the one block unfreed that it was allocating or returning; its
 * own lists die with it. A span that it was giving up is given up by whoever repairs. Nobody waits for anybody: there is
 * no lock.
 *
 * Source: Berger, McKinley, Blumofe & Wilson, ASPLOS 2000 (Hoard); Leijen, Zorn & de Moura, APLAS 2019 (mimalloc).
 */
import { compare_and_swap, read, write } from "../atomics";
import * as pages from "./pages";
import {
  addressOf,
  CLAIMED,
  detailOf,
  endPage,
  entryOf,
  FREE,
  INSIDE,
  kindOf,
  LARGE,
  NONE,
  OBJECT,
  SPAN,
  slotOf,
  wordOf,
} from "./pages";
import { bytesOf, CLASSES, classOf, LARGEST, OBJECTS, pagesOf } from "./size-classes";
import { CACHE_LINE, heap, me, my, PAGE, recordOf } from "./space";
import * as spans from "./spans";
import { listed, next, previous } from "./spans";

const hints: u32 = heap + 256;
const objectLists: u32 = heap + 768;
/** Pages that a hint tells apart. */
const HINTS: u32 = 4096;

/** With the class in a page's word: the owner is about to give the span up. */
const LEAVING: u32 = 128;

/** Results of `release`. */
export const RELEASED: u32 = 0;
/** No block of the allocator's begins there. */
export const NOT_A_BLOCK: u32 = 1;
/** It is free: it was freed before. */
export const FREED_BEFORE: u32 = 2;

/** At least `bytes` zeroed bytes, aligned to 16; 0 if there is no room and the memory cannot grow. Never waits. */
export function allocate(bytes: u32): usize {
  return bytes > LARGEST ? allocatePages(bytes, LARGE) : allocateOf(classOf(bytes));
}

function allocateOf(sizeClass: u32): usize {
  const span = first(sizeClass);
  const block = span != 0 ? spans.take(span) : 0;
  return block != 0 ? block : allocateSlowly(sizeClass);
}

/** The same, on cache lines that no other block shares. */
export function allocateLines(bytes: u32): usize {
  const lines = (max(bytes, 1) - 1) / CACHE_LINE + 1;
  return allocate(bytes > LARGEST ? bytes : lines * CACHE_LINE);
}

/**
 * A block for an object, on cache lines of its own. Its first word is the one that was there last, 0 where it is the
 * first object; the others are zeroed.
 */
export function allocateObject(bytes: u32): usize {
  const lines = (max(bytes, 1) - 1) / CACHE_LINE + 1;
  return bytes > LARGEST ? allocatePages(bytes, OBJECT) : allocateOf(classOf(lines * CACHE_LINE) | OBJECTS);
}

/**
 * Where the block of an object begins that an address lies in, 0 if it lies in none; whether or not the block is in
 * use.
 */
export function objectAround(address: usize): usize {
  if (address / PAGE < pages.firstPage() || address / PAGE >= endPage()) return 0;
  const page = firstPageOf(address);
  const word = read(entryOf(page));
  if (kindOf(word) == OBJECT) return addressOf(page);
  return kindOf(word) == SPAN && detailOf(word) & OBJECTS ? spans.blockAround(spans.spanAt(page), address) : 0;
}

/** Whether the object has pages of its own, whose words are anything once it is freed. */
export function hasPages(object: usize): bool {
  return kindOf(read(entryOf(<u32>object / PAGE))) == OBJECT;
}

/** Frees a block, whoever allocated it. RELEASED, or what is wrong; then nothing is changed. Never waits. */
export function release(address: usize): u32 {
  const page = firstPageOf(address);
  const word = read(entryOf(page));
  if (isWhole(word) && address == addressOf(page)) return releasePages(page, word);
  if (kindOf(word) != SPAN) return word == FREE || kindOf(word) == CLAIMED ? FREED_BEFORE : NOT_A_BLOCK;
  const span = spans.spanAt(page);
  const index = spans.indexOf(span, address);
  if (index == spans.NO_BLOCK) return NOT_A_BLOCK;
  if (!spans.isInUse(span, index)) return FREED_BEFORE;
  if (slotOf(word) == me) {
    spans.put(span, index);
    settle(span);
  } else {
    if (!spans.giveBack(span, index)) return FREED_BEFORE;
    tell(page);
  }
  return RELEASED;
}

/** The bytes that can be used of the block that begins at an address; 0 if none is in use there. */
export function blockBytes(address: usize): u32 {
  const page = firstPageOf(address);
  const word = read(entryOf(page));
  if (isWhole(word)) return address == addressOf(page) ? detailOf(word) * PAGE : 0;
  if (kindOf(word) != SPAN) return 0;
  const span = spans.spanAt(page);
  const index = spans.indexOf(span, address);
  return index != spans.NO_BLOCK && spans.isInUse(span, index) ? spans.bytesOfBlock(span) : 0;
}

/** The slot of the worker whose heap a block is in, or who allocated it, if it is large; 0 for an orphan. */
export function blockOwner(address: usize): u32 {
  return slotOf(read(entryOf(firstPageOf(address))));
}

/** The first block in use after an address, 0 for none. Exact while nobody allocates or frees. */
export function nextBlock(address: usize): usize {
  for (let page = max(firstPageOf(address), pages.firstPage()), end = endPage(); page < end; page++) {
    const kind = kindOf(read(entryOf(page)));
    if ((kind == LARGE || kind == OBJECT) && addressOf(page) > address) return addressOf(page);
    const block = kind == SPAN ? spans.inUseAfter(spans.spanAt(page), address) : 0;
    if (block != 0) return block;
  }
  return 0;
}

/** The first page of what the address lies in. */
function firstPageOf(address: usize): u32 {
  const page = <u32>address / PAGE;
  const word = read(entryOf(page));
  return kindOf(word) == INSIDE ? page - detailOf(word) : page;
}

/** Whether a page's word is that of a block. */
function isWhole(word: u32): bool {
  return kindOf(word) == LARGE || kindOf(word) == OBJECT;
}

function allocatePages(bytes: u32, kind: u32): usize {
  const count = (bytes - 1) / PAGE + 1;
  const page = claim(count, NONE);
  if (page == NONE) return 0;
  if (!pages.clean) memory.fill(addressOf(page), 0, count * PAGE);
  write(entryOf(page), wordOf(kind, me, count));
  return addressOf(page);
}

function releasePages(page: u32, word: u32): u32 {
  const count = detailOf(word);
  if (!compare_and_swap(entryOf(page), word, wordOf(CLAIMED, me, count))) return FREED_BEFORE;
  pages.free(page, count);
  return RELEASED;
}

function allocateSlowly(sizeClass: u32): usize {
  while (true) {
    const span = first(sizeClass);
    if (span != 0) {
      if (spans.seek(span) || spans.takeHome(span) > 0) return spans.take(span);
      unlist(span);
    }
    collect();
    // Where spans of several pages find no room, one page may have.
    if (first(sizeClass) == 0 && !addSpan(sizeClass))
      return pagesOf(sizeClass) > 1 ? allocatePages(bytesOf(sizeClass), sizeClass & OBJECTS ? OBJECT : LARGE) : 0;
  }
}

/** Of a new span, or of an orphan. */
function addSpan(sizeClass: u32): bool {
  const count = pagesOf(sizeClass);
  const page = claim(count, wordOf(SPAN, 0, sizeClass));
  if (page == NONE) return false;
  const span = spans.spanAt(page);
  if (kindOf(read(entryOf(page))) == SPAN) {
    spans.takeHome(span);
  } else {
    spans.format(span, sizeClass, pages.clean);
    write(entryOf(page), wordOf(SPAN, me, sizeClass));
  }
  settle(span);
  return true;
}

/** As pages.claim, with what this heap can do without. */
function claim(count: u32, orphan: u32): u32 {
  const page = pages.claim(count, orphan);
  if (page != NONE) return page;
  trim();
  return pages.claim(count, orphan);
}

/** Frees the pages of all spans without used blocks, which are the only ones of their lists. */
function trim(): void {
  collect();
  for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
    const span = first(sizeClass);
    if (span != 0 && spans.usedOf(span) == 0) retire(span);
  }
}

/** Tells the owner of a span that a block was returned to it; who finds no owner takes the block home. */
function tell(page: u32): void {
  while (true) {
    const word = read(entryOf(page));
    // Where it was taken home already, the page may be anything by now: a hint more, or a look, does no harm.
    if (kindOf(word) != SPAN) return;
    const owner = slotOf(word);
    if (owner == 0) {
      const leaving = word | wordOf(0, me, LEAVING);
      // Whoever else has it by now takes home what was returned before.
      if (!compare_and_swap(entryOf(page), word, leaving)) return;
      spans.takeHome(spans.spanAt(page));
      giveUp(page, leaving);
      return;
    }
    if (detailOf(word) & LEAVING) {
      if (compare_and_swap(entryOf(page), word, word & ~wordOf(0, 0, LEAVING))) return;
      continue;
    }
    const group = recordOf(owner) + hints + ((page % HINTS) / 64) * 8;
    const bit = (<u64>1) << (page & 63);
    if (!(atomic.load<u64>(group) & bit)) atomic.or<u64>(group, bit);
    return;
  }
}

/** Frees the pages of a span whose word was `leaving` at first, or leaves an orphan in which all is home. */
function giveUp(page: u32, leaving: u32): void {
  const span = spans.spanAt(page);
  const sizeClass = spans.classOfSpan(span);
  while (!isSpare(span)) {
    if (compare_and_swap(entryOf(page), leaving, wordOf(SPAN, 0, sizeClass))) {
      pages.searchFrom(page);
      return;
    }
    write(entryOf(page), leaving);
    spans.takeHome(span);
  }
  freePages(page, slotOf(leaving), sizeClass);
}

/** Takes home what others have returned to any span of this heap. */
function collect(): void {
  for (let g: u32 = 0; g < HINTS; g += 64) {
    const group = my + hints + g / 8;
    if (atomic.load<u64>(group) == 0) continue;
    for (let bits = atomic.xchg<u64>(group, 0); bits != 0; bits &= bits - 1) {
      for (let page = g + <u32>ctz(bits), end = endPage(); page < end; page += HINTS) {
        const word = read(entryOf(page));
        if (kindOf(word) != SPAN || slotOf(word) != me) continue;
        const span = spans.spanAt(page);
        if (spans.takeHome(span) > 0) settle(span);
      }
    }
  }
}

/** Puts a span where it belongs that is new here, or of which blocks were freed. */
function settle(span: usize): void {
  if (load<u32>(span + listed) == 0) list(span);
  if (isSpare(span) && !isAlone(span)) retire(span);
}

/** Whether its pages can be freed. */
function isSpare(span: usize): bool {
  return spans.usedOf(span) == 0 && !spans.isOfObjects(span);
}

/** Whether a listed span is the only one. */
function isAlone(span: usize): bool {
  return (load<u32>(span + next) | load<u32>(span + previous)) == 0;
}

/** Where the first span of a class's list is written. */
function listOf(sizeClass: u32): usize {
  return my + (sizeClass & OBJECTS ? objectLists : heap) + (sizeClass & ~OBJECTS) * 4;
}

/** The first span of a class's list, 0 for none. */
function first(sizeClass: u32): usize {
  return load<u32>(listOf(sizeClass));
}

function list(span: usize): void {
  const sizeClass = spans.classOfSpan(span);
  let second = first(sizeClass);
  if (second != 0 && isSpare(second)) {
    retire(second);
    second = first(sizeClass);
  }
  store<u32>(span + previous, 0);
  store<u32>(span + next, <u32>second);
  store<u32>(span + listed, 1);
  if (second != 0) store<u32>(second + previous, <u32>span);
  store<u32>(listOf(sizeClass), <u32>span);
}

function unlist(span: usize): void {
  const before = load<u32>(span + previous);
  const after = load<u32>(span + next);
  if (before != 0) store<u32>(before + next, after);
  else store<u32>(listOf(spans.classOfSpan(span)), after);
  if (after != 0) store<u32>(after + previous, before);
  store<u32>(span + listed, 0);
}

/** Frees the pages of a listed span in which no block is used. */
function retire(span: usize): void {
  unlist(span);
  freePages(spans.pageOf(span), me, spans.classOfSpan(span));
}

/** Of a span that the worker of a slot has. */
function freePages(page: u32, slot: u32, sizeClass: u32): void {
  const count = pagesOf(sizeClass);
  write(entryOf(page), wordOf(CLAIMED, slot, count));
  pages.free(page, count);
}

/** Gives up the heap of a worker that died, or ends and calls this itself. It may be cut off and done again. */
export function abandonHeap(dead: u32): void {
  for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
    store<u32>(recordOf(dead) + heap + sizeClass * 4, 0);
    store<u32>(recordOf(dead) + objectLists + sizeClass * 4, 0);
  }
  for (let page = pages.firstPage(), end = endPage(); page < end; page++) {
    const word = read(entryOf(page));
    if (slotOf(word) != dead) continue;
    if (kindOf(word) == CLAIMED) pages.free(page, detailOf(word));
    if (kindOf(word) == SPAN) abandon(page, word | wordOf(0, 0, LEAVING));
  }
}

function abandon(page: u32, leaving: u32): void {
  write(entryOf(page), leaving);
  spans.restore(spans.spanAt(page));
  giveUp(page, leaving);
}
