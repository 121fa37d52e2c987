/**
 * Pages, proven where one operation follows the other: exact words, and where searches begin. What makes the memory grow is
 * done before all else, as it fails at any other time. Two who claim at once: processor 0 two pages, the other one.
 *
 *     SCENE | page that processor 0 claimed, NONE for none | the same of 1 |
 */
import { read, write } from "../../atomics";
import { Failure, fail, processor } from "../../machine";
import * as pages from "../pages";
import {
  CLAIMED,
  claim,
  clean,
  endPage,
  FREE,
  free,
  INSIDE,
  LARGE,
  NONE,
  OBJECT,
  SPAN,
  searchFrom,
  wordOf,
} from "../pages";
import { enterAs } from "../space";
import { begin, expect, expectEqual, prepareAlone, prepareWorkers, SCENE } from "./worker";

const SLOTS: u32 = 4;
/** The first page of a space of so few slots, and the page where its memory ends. */
export const FIRST: u32 = 6;
export const END: u32 = 30;
/** The word of an orphan of class 9. */
const ORPHAN: u32 = 0x90003;

export function pages_prove_words_init(): void {
  prepareAlone(SLOTS);
  memory.grow(END - FIRST);
}

export function entryOf(page: u32): usize {
  return 0x10000 + 4 * page;
}

function expectWord(page: u32, word: u32): void {
  expectEqual(read(entryOf(page)), word);
}

/** Pages that the worker of slot 2 has claimed. */
function expectClaimed(page: u32, count: u32): void {
  expectWord(page, 0x12 | (count << 16));
  for (let i: u32 = 1; i < count; i++) expectWord(page + i, 5 | (i << 16));
}

function expectBegin(page: u32): void {
  expectEqual(read(1024), page);
}

/** Words of pages that are claimed and freed, and who finds them zero. */
export function pages_prove_words(): void {
  begin();
  enterAs(2);
  expectEqual(pages.firstPage(), FIRST);
  expectEqual(endPage(), END);
  expectBegin(0);
  expectEqual(claim(3, NONE), FIRST);
  expect(clean);
  expectClaimed(FIRST, 3);
  expectWord(FIRST + 3, pages.CLEAN);
  expectBegin(FIRST + 3);
  free(FIRST, 3);
  for (let i: u32 = 0; i < 3; i++) expectWord(FIRST + i, 1);
  expectBegin(FIRST);
  // Three of these were used before, and one was not.
  expectEqual(claim(4, NONE), FIRST);
  expect(!clean);
  expectClaimed(FIRST, 4);
  expectBegin(FIRST + 4);
  expectEqual(claim(1, NONE), FIRST + 4);
  expect(clean);
  // What others have claimed meanwhile stays theirs.
  write(entryOf(FIRST + 1), wordOf(CLAIMED, 3, 1));
  write(entryOf(FIRST + 2), wordOf(INSIDE, 0, 1));
  free(FIRST, 4);
  expectWord(FIRST, FREE);
  expectWord(FIRST + 1, 0x1001a);
  expectWord(FIRST + 2, 0x10005);
  expectWord(FIRST + 3, FREE);
  expectWord(FIRST + 4, 0x10012);
  expectBegin(FIRST);
  searchFrom(FIRST + 1);
  expectBegin(FIRST);
}

/** Where searches begin, and what they pass. */
export function pages_prove_search(): void {
  begin();
  enterAs(2);
  const p = FIRST + 4;
  expectEqual(claim(4, NONE), FIRST);
  for (let i: u32 = 0; i < 2; i++) expectEqual(claim(1, NONE), p + i);
  // A page alone is passed, and found next.
  free(p, 1);
  expectBegin(p);
  expectEqual(claim(2, NONE), p + 2);
  expectBegin(p);
  expectEqual(claim(1, NONE), p);
  expectBegin(p + 1);
  // An orphan, too, which somebody may want; not a span that has an owner.
  write(entryOf(p + 1), ORPHAN);
  expectEqual(claim(1, NONE), p + 4);
  expectBegin(p + 1);
  free(p, 1);
  expectEqual(claim(2, NONE), p + 5);
  expectBegin(p);
  expectEqual(claim(1, NONE), p);
  expectEqual(claim(1, ORPHAN), p + 1);
  expectWord(p + 1, 0x90013);
  write(1024, p + 1);
  expectEqual(claim(1, ORPHAN), p + 7);
  expectBegin(p + 8);
  // Pages below are found before there are none.
  write(entryOf(FIRST + 1), FREE);
  write(entryOf(FIRST + 2), FREE);
  const rest = END - (p + 8);
  expectEqual(claim(rest, NONE), p + 8);
  expectBegin(END);
  expectEqual(claim(3, NONE), NONE);
  expectEqual(claim(2, NONE), FIRST + 1);
  expectClaimed(FIRST + 1, 2);
  expectEqual(claim(1, NONE), NONE);
  // Behind a block of 5 pages, whose pages need no look.
  for (let kind = LARGE; kind <= OBJECT; kind += OBJECT - LARGE) {
    write(entryOf(p + 8), wordOf(kind, 3, 5));
    write(entryOf(p + 13), FREE);
    write(1024, FIRST);
    expectEqual(claim(1, NONE), p + 13);
    expectEqual(claim(1, NONE), NONE);
  }
  // What others have adopted, or claimed, since this one has looked.
  write(entryOf(p + 8), wordOf(SPAN, 0, 8));
  expectEqual(claim(1, ORPHAN), NONE);
  expectWord(p + 8, 0x80003);
}

/** By 16 pages, by what is needed, or by an eighth, whichever is more. */
export function pages_prove_growth(): void {
  prepareAlone(SLOTS);
  expectEqual(endPage(), FIRST);
  expectEqual(claim(1, NONE), FIRST);
  expectEqual(endPage(), 22);
  expectEqual(claim(15, NONE), FIRST + 1);
  expectEqual(endPage(), 22);
  expectEqual(claim(17, NONE), 22);
  expectEqual(endPage(), 39);
  memory.grow(161);
  expectEqual(claim(161, NONE), 39);
  expectEqual(claim(1, NONE), 200);
  expectEqual(endPage(), 225);
}

/** To 40 pages at most: where there is no room for more, by what is missing at the end. */
export function pages_prove_bound(): void {
  prepareAlone(SLOTS);
  memory.grow(10);
  expectEqual(claim(30, NONE), FIRST);
  expectEqual(endPage(), 36);
  free(FIRST, 30);
  expectEqual(claim(31, NONE), FIRST);
  expectEqual(endPage(), 37);
  expectEqual(claim(1, NONE), 37);
  expectEqual(endPage(), 38);
  expectEqual(claim(3, NONE), NONE);
  expectEqual(endPage(), 38);
  free(37, 1);
  expectEqual(claim(3, NONE), 37);
  expectEqual(endPage(), 40);
  free(39, 1);
  expectEqual(claim(2, NONE), NONE);
  expectEqual(claim(1, NONE), 39);
  expectEqual(claim(1, NONE), NONE);
  expectEqual(endPage(), 40);
}

export function pages_prove_at_once_init(count: u32): void {
  prepareWorkers();
  memory.grow(count);
}

export function pages_prove_at_once(): void {
  begin();
  write(SCENE + 4 * processor(), claim(2 - processor(), NONE));
}

/** A page that is nobody's was claimed in vain, or by who died; without deaths somebody has what there is for it. */
export function pages_prove_at_once_end(deaths: u32): void {
  const both = read(SCENE);
  const one = read(SCENE + 4);
  let claimed: u32 = 0;
  for (let page = pages.firstPage(); page < endPage(); page++) {
    const word = read(entryOf(page));
    if (word <= FREE) continue;
    claimed++;
    const isBoth = word == 0x2000a || (word == 0x10005 && read(entryOf(page - 1)) == 0x2000a);
    if (!isBoth && word != 0x10012) fail(Failure.Lost);
    if (deaths == 0 && page != (isBoth ? both + (word == 0x10005 ? 1 : 0) : one)) fail(Failure.Lost);
  }
  if (deaths > 0) return;
  expectEqual(claimed, (both == NONE ? 0 : 2) + (one == NONE ? 0 : 1));
  // The first one is not given up without a trace.
  if (read(entryOf(pages.firstPage())) == pages.CLEAN) fail(Failure.Lost);
}
