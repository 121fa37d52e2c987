/**
 * Heaps, proven where one operation follows the other: where blocks are, which lists and hints lead to them, and what
 * is given up when memory is short. One processor acts for the workers of slots 1 to 3. All is done in `init`, which
 * takes no steps.
 */
import { read, write } from "../../atomics";
import {
  abandonHeap,
  allocate,
  allocateObject,
  blockBytes,
  blockOwner,
  FREED_BEFORE,
  RELEASED,
  release,
} from "../allocator";
import { claim, FREE, LARGE, NONE, OBJECT, SPAN, wordOf } from "../pages";
import { classOf, OBJECTS } from "../size-classes";
import { CACHE_LINE, enterAs, heap, PAGE, recordOf } from "../space";
import { blocksOf, giveBack, listed, next, previous, spanAt, usedOf } from "../spans";
import { pageOf } from "./blocks";
import { END, entryOf, FIRST, pages_prove_words_init } from "./pages";
import { expect, expectEqual } from "./worker";

/** What was freed last is taken first, be it in another group than the first that has one. */
export function heaps_prove_last(): void {
  pages_prove_words_init();
  enterAs(2);
  const first = allocate(64);
  for (let i: u32 = 1; i < 130; i++) expectEqual(<u32>allocate(64), <u32>first + i * 64);
  expectEqual(release(first + 3 * 64), RELEASED);
  expectEqual(release(first + 70 * 64), RELEASED);
  expectEqual(release(first + 70 * 64), FREED_BEFORE);
  expectEqual(blockBytes(first + 69 * 64), 64);
  expectEqual(usedOf(spanAt(pageOf(first))), 128);
  expectEqual(<u32>allocate(64), <u32>first + 70 * 64);
  expectEqual(<u32>allocate(64), <u32>first + 3 * 64);
  // Of two that others return in one group, either comes home; and those of other groups.
  enterAs(3);
  for (let i: u32 = 5; i < 129; i += 61) {
    expectEqual(release(first + i * 64), RELEASED);
    expectEqual(release(first + (i + 1) * 64), RELEASED);
    expectEqual(release(first + i * 64), FREED_BEFORE);
    expectEqual(blockBytes(first + (i + 2) * 64), 64);
  }
  enterAs(2);
  let block = allocate(64);
  while (block > first + 129 * 64) block = allocate(64);
  let home: u32 = 0;
  for (; block != 0 && block < first + 129 * 64; block = allocate(64)) home++;
  expectEqual(home, 6);
}

/** The bytes of a block of which few fit into a span. */
const SIZE: u32 = 16384;

function listOf(slot: u32): usize {
  return recordOf(slot) + heap + classOf(SIZE) * 4;
}

function expectListed(span: usize, before: usize, after: usize): void {
  expectEqual(load<u32>(span + listed), 1);
  expectEqual(load<u32>(span + previous), <u32>before);
  expectEqual(load<u32>(span + next), <u32>after);
}

/** Fills a new span. Returns its first block. */
function fillSpan(): usize {
  const block = allocate(SIZE);
  const span = spanAt(pageOf(block));
  while (usedOf(span) < blocksOf(span)) expectEqual(pageOf(allocate(SIZE)) / 2, pageOf(block) / 2);
  return block;
}

/** Lists of spans: who is taken off, and comes back, and which spans without used blocks are kept. */
export function heaps_prove_lists(): void {
  pages_prove_words_init();
  enterAs(1);
  const a = fillSpan();
  const A = spanAt(pageOf(a));
  expectListed(A, 0, 0);
  const b = fillSpan();
  const B = spanAt(pageOf(b));
  // A was full, and nobody looks there.
  expectEqual(load<u32>(A + listed), 0);
  expectListed(B, 0, 0);
  const c = fillSpan();
  const C = spanAt(pageOf(c));
  expectEqual(load<u32>(listOf(1)), <u32>C);
  // Freed blocks bring their spans back, to the front.
  expectEqual(release(a), RELEASED);
  expectListed(A, 0, C);
  expectListed(C, A, 0);
  expectEqual(release(b), RELEASED);
  expectEqual(load<u32>(listOf(1)), <u32>B);
  expectListed(B, 0, A);
  expectListed(A, B, C);
  expectListed(C, A, 0);
  // The one in the middle has no used block any more: it is freed.
  const page = pageOf(a);
  for (let i: u32 = 1; i < blocksOf(A); i++) expectEqual(release(a + i * SIZE), RELEASED);
  expectEqual(read(entryOf(page)), FREE);
  expectEqual(read(entryOf(page + 1)), FREE);
  expectListed(B, 0, C);
  expectListed(C, B, 0);
  // The first one is taken first.
  expectEqual(<u32>allocate(SIZE), <u32>b);
  const d = allocate(SIZE);
  expectEqual(load<u32>(B + listed), 0);
  expectEqual(load<u32>(C + listed), 0);
  expectEqual(pageOf(d), page);
  const D = spanAt(page);
  expectListed(D, 0, 0);
  // The only span is kept without used blocks, until there is another one.
  expectEqual(release(d), RELEASED);
  expectListed(D, 0, 0);
  expectEqual(usedOf(D), 0);
  expectEqual(read(entryOf(page)), wordOf(SPAN, 1, classOf(SIZE)));
  expectEqual(release(c), RELEASED);
  expectEqual(read(entryOf(page)), FREE);
  expectEqual(load<u32>(listOf(1)), <u32>C);
  expectListed(C, 0, 0);
  expectEqual(<u32>allocate(SIZE), <u32>c);
  // The last one of a list, and then the first.
  expectEqual(release(b), RELEASED);
  expectListed(B, 0, C);
  for (let i: u32 = 0; i < blocksOf(C); i++) expectEqual(release(c + i * SIZE), RELEASED);
  expectEqual(read(entryOf(pageOf(c))), FREE);
  expectListed(B, 0, 0);
  const e = fillSpanFrom(B, b);
  const E = spanAt(pageOf(e));
  expectEqual(release(b), RELEASED);
  expectListed(B, 0, E);
  for (let i: u32 = 1; i < blocksOf(B); i++) expectEqual(release(b + i * SIZE), RELEASED);
  expectEqual(read(entryOf(pageOf(b))), FREE);
  expectEqual(load<u32>(listOf(1)), <u32>E);
  expectListed(E, 0, 0);
}

/** Fills a span that has one free block, and one more span. */
function fillSpanFrom(span: usize, block: usize): usize {
  expectEqual(<u32>allocate(SIZE), <u32>block);
  expectEqual(usedOf(span), blocksOf(span));
  return fillSpan();
}

/** Spans of objects are kept, however many there are. */
export function heaps_prove_objects(): void {
  pages_prove_words_init();
  enterAs(1);
  const a = allocateObject(SIZE);
  const A = spanAt(pageOf(a));
  while (usedOf(A) < blocksOf(A)) allocateObject(SIZE);
  const b = allocateObject(SIZE);
  const B = spanAt(pageOf(b));
  expect(A != B);
  const list = recordOf(1) + heap + 768 + classOf(SIZE) * 4;
  expectEqual(load<u32>(list), <u32>B);
  for (let i: u32 = 0; i < blocksOf(A); i++) expectEqual(release(a + i * SIZE), RELEASED);
  expectEqual(release(b), RELEASED);
  expectEqual(load<u32>(list), <u32>A);
  expectListed(A, 0, B);
  expectListed(B, A, 0);
  expectEqual(usedOf(A) + usedOf(B), 0);
  expectEqual(load<u32>(listOf(1)), 0);
  // Not even where memory is short: nobody gets their pages.
  while (claim(1, NONE) != NONE) {}
  expectEqual(<u32>allocate(64), 0);
  expectEqual(read(entryOf(pageOf(a))), wordOf(SPAN, 1, classOf(SIZE) | OBJECTS));
  expectEqual(read(entryOf(pageOf(b))), wordOf(SPAN, 1, classOf(SIZE) | OBJECTS));
  expectEqual(<u32>allocateObject(SIZE), <u32>a);
}

function hintOf(slot: u32, page: u32): usize {
  return recordOf(slot) + heap + 256 + (page / 64) * 8;
}

/** What others return: hints, which the owner follows, and clears. */
export function heaps_prove_hints(): void {
  pages_prove_words_init();
  memory.grow(50);
  enterAs(1);
  const a = fillSpan();
  expect(claim(64 - (pageOf(a) + 2), NONE) != NONE);
  const b = fillSpan();
  const c = fillSpan();
  // The first page of its hints: one bit, and no other.
  expectEqual(pageOf(b), 64);
  // Behind a header that begins at one of 16 lines.
  expectEqual(<u32>c, 66 * PAGE + 2 * CACHE_LINE + 1408);
  const B = spanAt(pageOf(b));
  const A = spanAt(pageOf(a));
  enterAs(2);
  for (let again = 0; again < 2; again++) {
    expectEqual(release(b + again * SIZE), RELEASED);
    expectEqual(<u32>load<u64>(hintOf(1, pageOf(b))), 1 << (pageOf(b) % 64));
  }
  expectEqual(release(a), RELEASED);
  expectEqual(release(a), FREED_BEFORE);
  expectEqual(<u32>load<u64>(hintOf(1, pageOf(a))), 1 << pageOf(a));
  expectEqual(usedOf(B), blocksOf(B));
  expectEqual(blockBytes(b), 0);
  expectEqual(blockBytes(b + 2 * SIZE), SIZE);
  // A hint to a page that is nobody's span any more, or another's, does no harm.
  enterAs(3);
  const other = allocate(SIZE);
  store<u64>(hintOf(1, 0), load<u64>(hintOf(1, 0)) | (1 << pageOf(other)) | 2);
  enterAs(1);
  const found = allocate(SIZE);
  expect(found == a || found == b || found == b + SIZE);
  expectEqual(load<u64>(hintOf(1, 0)) == 0 ? 1 : 0, 1);
  expectEqual(load<u64>(hintOf(1, 64)) == 0 ? 1 : 0, 1);
  expectEqual(usedOf(A) + usedOf(B), blocksOf(A) + blocksOf(B) - 2);
  expectEqual(load<u32>(A + listed), 1);
  expectEqual(load<u32>(B + listed), 1);
  expectEqual(usedOf(spanAt(pageOf(other))), 1);
  expectEqual(blockOwner(other), 3);
  expect(allocate(SIZE) != 0 && allocate(SIZE) != 0);
  expectEqual(usedOf(A) + usedOf(B), blocksOf(A) + blocksOf(B));
  expectEqual(blockBytes(c), SIZE);
  // All of a span come home at once: its pages are free, if there is another one.
  enterAs(2);
  for (let i: u32 = 0; i < blocksOf(B); i++) expectEqual(release(b + i * SIZE), RELEASED);
  expectEqual(release(c), RELEASED);
  enterAs(1);
  expect(allocate(SIZE) != 0);
  expect(allocate(SIZE) != 0);
}

/** Whenever a span is full, a heap looks at its hints: what others have returned is of use to all, though it needs none. */
export function heaps_prove_full(): void {
  pages_prove_words_init();
  memory.grow(8);
  enterAs(1);
  const a = fillSpan();
  const b = fillSpan();
  const c = fillSpan();
  const d = fillSpan();
  enterAs(2);
  for (let i: u32 = 0; i < blocksOf(spanAt(pageOf(a))); i++) expectEqual(release(a + i * SIZE), RELEASED);
  for (let i: u32 = 0; i < blocksOf(spanAt(pageOf(b))); i++) expectEqual(release(b + i * SIZE), RELEASED);
  enterAs(1);
  expectEqual(release(d), RELEASED);
  expectEqual(release(c), RELEASED);
  expectEqual(<u32>allocate(SIZE), <u32>c);
  expectEqual(read(entryOf(pageOf(a))), wordOf(SPAN, 1, classOf(SIZE)));
  // The next span of the list has a free block.
  expectEqual(<u32>allocate(SIZE), <u32>d);
  expectEqual(read(entryOf(pageOf(a))), FREE);
  expectEqual(read(entryOf(pageOf(b))), FREE);
  expectListed(spanAt(pageOf(d)), 0, 0);
}

/** Where memory is short, a heap gives up what it can do without; the last page is a block of its own. */
export function heaps_prove_short(): void {
  pages_prove_words_init();
  enterAs(1);
  const kept = allocate(64);
  const large = allocate(SIZE);
  const used = allocate(256);
  expectEqual(release(kept), RELEASED);
  expectEqual(release(large), RELEASED);
  expectEqual(read(entryOf(pageOf(kept))), wordOf(SPAN, 1, classOf(64)));
  expectEqual(read(entryOf(pageOf(large))), wordOf(SPAN, 1, classOf(SIZE)));
  let rest: u32 = 0;
  for (let page = FIRST; page < END; page++) if (read(entryOf(page)) <= FREE) rest++;
  for (let i: u32 = 0; i < rest; i++) expect(allocate(PAGE) != 0);
  // Neither of both is used: their pages are, then.
  const a = allocate(PAGE);
  expect(a != 0);
  expectEqual(load<u32>(listOf(1)), 0);
  expectEqual(load<u32>(recordOf(1) + heap + classOf(64) * 4), 0);
  expectEqual(blockBytes(used), 256);
  let count: u32 = 1;
  while (allocate(PAGE) != 0) count++;
  expectEqual(count, 3);
  expectEqual(<u32>allocate(64), 0);
  expectEqual(<u32>allocate(PAGE + 1), 0);
  // A span of 32,768 bytes has four pages; where there is one, it is a block.
  expectEqual(release(a), RELEASED);
  expectEqual(<u32>allocate(32768), <u32>a);
  expectEqual(read(entryOf(pageOf(a))), wordOf(LARGE, 1, 1));
  expectEqual(release(a), RELEASED);
  expectEqual(<u32>allocateObject(32768), <u32>a);
  expectEqual(read(entryOf(pageOf(a))), wordOf(OBJECT, 1, 1));
  expectEqual(release(a), RELEASED);
  expectEqual(pageOf(allocate(64)), pageOf(a));
  const last = allocate(256);
  expectEqual(pageOf(last), pageOf(used));
  // Blocks that others have returned are not used either.
  enterAs(3);
  expectEqual(release(used), RELEASED);
  expectEqual(release(last), RELEASED);
  enterAs(1);
  expectEqual(pageOf(allocate(PAGE)), pageOf(used));
}

/** Whoever is gone leaves orphans. Others search for those first, and adopt them; who returns a block to one does not. */
export function heaps_prove_orphans(): void {
  pages_prove_words_init();
  enterAs(2);
  const a = fillSpan();
  const b = fillSpan();
  const object = allocateObject(SIZE);
  const A = spanAt(pageOf(a));
  const B = spanAt(pageOf(b));
  // It was about to take a block, and to list a span; others have returned one.
  store<u32>(B + listed, 0);
  store<u32>(B + previous, <u32>A);
  store<u64>(B + 256, 0x5);
  store<u64>(B + 768, 0x2);
  enterAs(5);
  abandonHeap(2);
  expectEqual(read(entryOf(pageOf(a))), wordOf(SPAN, 0, classOf(SIZE)));
  expectEqual(read(entryOf(pageOf(a) + 1)), 0x10005);
  expectEqual(usedOf(B), blocksOf(B) - 1);
  expectEqual(<u32>load<u64>(B + 256), 0x2);
  expectEqual(<u32>load<u64>(A + 256), 0);
  expectEqual(read(1024), pageOf(a));
  // Another one is returned, of which nobody is told.
  expect(giveBack(B, 2));
  enterAs(3);
  // The first orphan of the class is full: the next one is found.
  expectEqual(<u32>allocate(SIZE), <u32>b + SIZE);
  expectListed(B, 0, 0);
  expectEqual(blockOwner(b), 3);
  expectEqual(usedOf(B), blocksOf(B) - 1);
  expectEqual(blockOwner(a), 3);
  enterAs(5);
  abandonHeap(3);
  enterAs(1);
  write(1024, pageOf(b));
  expectEqual(release(a + SIZE), RELEASED);
  expectEqual(read(entryOf(pageOf(a))), wordOf(SPAN, 0, classOf(SIZE)));
  expectEqual(blockBytes(a + SIZE), 0);
  expectEqual(usedOf(A), blocksOf(A) - 1);
  expectEqual(load<u32>(listOf(1)), 0);
  expectEqual(read(1024), pageOf(a));
  expectEqual(<u32>allocate(SIZE), <u32>a + SIZE);
  expectEqual(blockOwner(a), 1);
  expectListed(A, 0, 0);
  expectEqual(load<u32>(listOf(1)), <u32>A);
  expectEqual(blockOwner(object), 0);
  expectEqual(pageOf(allocateObject(SIZE)), pageOf(object));
  expectEqual(blockOwner(object), 1);
  // With the last block in use, its pages are free.
  const blocks = blocksOf(B);
  for (let i: u32 = 0; i < blocks; i++) {
    if (blockBytes(b + i * SIZE) == 0) continue;
    expectEqual(read(entryOf(pageOf(b))), wordOf(SPAN, 0, classOf(SIZE)));
    expectEqual(release(b + i * SIZE), RELEASED);
  }
  expectEqual(read(entryOf(pageOf(b))), FREE);
  expectEqual(read(entryOf(pageOf(b) + 1)), FREE);
}
