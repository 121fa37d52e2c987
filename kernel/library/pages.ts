/**
 * Pages of 64 KiB: who has which. One word a page, in a table with room for all pages that a memory can have:
 *
 *     PAGES | word of page 0 | word of page 1 | ...            a word: | kind: 3 | slot: 13 | detail: 16 |
 *
 *     CLEAN      free and never used, so zero                  FREE    free
 *     CLAIMED    the first of `detail` pages that `slot` is about to put to use, or to free
 *     SPAN       the first of a span of size class `detail`, whose owner is `slot`; 0 for nobody: an orphan
 *     LARGE      the first of `detail` pages that are one block, allocated by `slot`
 *     OBJECT     the same, of an object
 *     INSIDE     belongs to what begins `detail` pages before it
 *
 *     CLEAN | FREE -> CLAIMED, INSIDE ...    by compare_and_swap, the first page first and the last one last
 *     CLAIMED -> SPAN | LARGE | OBJECT       by the claimer
 *     SPAN -> SPAN                           an orphan adopted, by compare_and_swap; a span given up, by its owner
 *     SPAN -> CLAIMED                        by the owner, when no block in it is live
 *     LARGE | OBJECT -> CLAIMED              by compare_and_swap: of those who free the block, one succeeds
 *     CLAIMED, INSIDE ... -> FREE            by the claimer, the first page last
 *
 * No lock, no list, and nothing to merge: free pages side by side are one piece as they are. Searching costs a load a page,
 * which is little beside clearing one.
 *
 * Invariant: what a page is INSIDE of begins with a CLAIMED, SPAN, LARGE or OBJECT page. So after the death of a worker the pages
 * that it was about to use or to free are its CLAIMED ones, and those INSIDE of them; who frees them again does no harm.
 */
import { compare_and_swap, read, write } from "../atomics";
import { ALLOCATOR, firstSpan, me, PAGE, PAGES } from "./space";

export const CLEAN: u32 = 0;
export const FREE: u32 = 1;
export const CLAIMED: u32 = 2;
export const SPAN: u32 = 3;
export const LARGE: u32 = 4;
export const INSIDE: u32 = 5;
export const OBJECT: u32 = 6;

/** No page; and the word of none. */
export const NONE: u32 = 0xffffffff;

/** The page where searches begin: pages below it are in use, but for few that were freed meanwhile. 0 at first. */
const BEGIN: usize = ALLOCATOR;
/** Pages by which the memory grows at least, where it can; more as it is larger, for growing interrupts all workers. */
const GROWTH: u32 = 16;

/** Whether the pages that were claimed last are zero. */
export let clean: bool = false;

export function wordOf(kind: u32, slot: u32, detail: u32): u32 {
  return kind | (slot << 3) | (detail << 16);
}

export function kindOf(word: u32): u32 {
  return word & 7;
}

export function slotOf(word: u32): u32 {
  return (word >> 3) & 0x1fff;
}

export function detailOf(word: u32): u32 {
  return word >> 16;
}

/** The address of a page's word. */
export function entryOf(page: u32): usize {
  return PAGES + page * 4;
}

export function addressOf(page: u32): usize {
  return page * PAGE;
}

export function firstPage(): u32 {
  return <u32>firstSpan() / PAGE;
}

export function endPage(): u32 {
  return <u32>memory.size();
}

/**
 * Claims `count` pages side by side, the first that there are, or adopts an orphan, a span whose word is `orphan`. Returns
 * the first page; NONE if there are none and the memory cannot grow. Then others may hold some that they are about to give
 * up, having found too few side by side.
 */
export function claim(count: u32, orphan: u32): u32 {
  const first = firstPage();
  while (true) {
    let begin = read(BEGIN);
    if (begin == 0) {
      compare_and_swap(BEGIN, 0, first);
      begin = read(BEGIN);
    }
    let page = search(begin, count, orphan);
    if (page == NONE && begin > first) page = search(first, count, orphan);
    if (page != NONE || !grow(count)) return page;
  }
}

function search(begin: u32, count: u32, orphan: u32): u32 {
  let row: u32 = 0;
  /** The first page passed that somebody could want. */
  let wanted = NONE;
  for (let page = begin, end = endPage(); page < end; page++) {
    const word = read(entryOf(page));
    if (word == orphan && compare_and_swap(entryOf(page), orphan, orphan | wordOf(0, me, 0))) return page;
    if (word > FREE) {
      row = 0;
      if (kindOf(word) == LARGE || kindOf(word) == OBJECT) page += detailOf(word) - 1;
      else if (kindOf(word) == SPAN && slotOf(word) == 0) wanted = min(wanted, page);
      continue;
    }
    wanted = min(wanted, page);
    if (++row < count) continue;
    const first = page + 1 - count;
    if (tryClaim(first, count)) {
      compare_and_swap(BEGIN, begin, wanted < first ? wanted : page + 1);
      return first;
    }
    page = first;
    row = 0;
  }
  return NONE;
}

function tryClaim(page: u32, count: u32): bool {
  clean = true;
  for (let i: u32 = 0; i < count; i++) {
    const entry = entryOf(page + i);
    const word = read(entry);
    const claimed = i == 0 ? wordOf(CLAIMED, me, count) : wordOf(INSIDE, 0, i);
    if (word > FREE || !compare_and_swap(entry, word, claimed)) {
      if (i > 0) free(page, i);
      return false;
    }
    if (word != CLEAN) clean = false;
  }
  return true;
}

/** By at least the pages that are missing at the end; false if it cannot. */
function grow(count: u32): bool {
  const end = endPage();
  let row: u32 = 0;
  for (const most = min(count, end - firstPage()); row < most && read(entryOf(end - 1 - row)) <= FREE; ) row++;
  return memory.grow(max(max(count, GROWTH), end / 8)) >= 0 || memory.grow(count - row) >= 0;
}

/** Frees pages of which the first is CLAIMED. */
export function free(page: u32, count: u32): void {
  for (let i = count; i > 0; ) {
    i--;
    // After a death, some may have been freed before, and claimed by others.
    if (i == 0 || read(entryOf(page + i)) == wordOf(INSIDE, 0, i)) write(entryOf(page + i), FREE);
  }
  searchFrom(page);
}

/** Lets searches begin at a page, or before. */
export function searchFrom(page: u32): void {
  for (let begin = read(BEGIN); page < begin; begin = read(BEGIN)) compare_and_swap(BEGIN, begin, page);
}
