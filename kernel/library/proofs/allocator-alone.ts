/**
 * The allocator, proven where one operation follows the other: sizes, what is freed and what is not, what others return, and
 * the heap of one who died. One processor acts for the workers of slots 1 to 3, and for the guardian.
 */
import { read } from "../../atomics";
import { Failure, fail } from "../../machine";
import {
  abandonHeap,
  allocate,
  allocateLines,
  allocateObject,
  blockBytes,
  blockOwner,
  FREED_BEFORE,
  NOT_A_BLOCK,
  nextBlock,
  objectAround,
  RELEASED,
  release,
} from "../allocator";
import { CLAIMED, claim, entryOf, FREE, NONE, SPAN, wordOf } from "../pages";
import { bytesOf, CLASSES, classOf, OBJECTS, pagesOf } from "../size-classes";
import { CACHE_LINE, enterAs, heap, PAGE, recordOf } from "../space";
import { blocksOf, spanAt, usedOf } from "../spans";
import { begin, expectEqual, prepareAlone } from "./worker";

const SLOTS: u32 = 4;
const GUARDIAN: u32 = SLOTS + 1;

export function allocator_prove_alone_init(): void {
  prepareAlone(SLOTS);
  memory.grow(24);
}

function pageOf(address: usize): u32 {
  return <u32>address / PAGE;
}

/** Of each class: its bytes, what is one byte more, and the pages of a span. */
export function allocator_prove_sizes(): void {
  begin();
  let last: u32 = 0;
  for (let c: u32 = 0; c < CLASSES; c++) {
    const bytes = bytesOf(c);
    // Four to each doubling, and no step below 16.
    const step: u32 = last < 128 ? 16 : (1 << (31 - clz(last))) / 4;
    expectEqual(bytes, last + step);
    expectEqual(bytesOf(c | OBJECTS), bytes);
    expectEqual(classOf(last + 1), c);
    expectEqual(classOf(bytes - 1), c);
    expectEqual(classOf(bytes), c);
    expectEqual(pagesOf(c), bytes < 16384 ? 1 : bytes / 8192);
    expectEqual(pagesOf(c | OBJECTS), pagesOf(c));
    last = bytes;
  }
  expectEqual(last, 32768);
  expectEqual(classOf(0), 0);
}

/** Blocks, each as large as it should be, zeroed, freed once, and nothing else is. */
export function allocator_prove_blocks(): void {
  begin();
  const a = allocate(64);
  expectEqual(blockBytes(a), 64);
  expectEqual(blockOwner(a), 1);
  expectEqual(release(a + 16), NOT_A_BLOCK);
  expectEqual(blockBytes(a + 16), 0);
  expectEqual(release(a - CACHE_LINE), NOT_A_BLOCK);
  expectEqual(release(0), NOT_A_BLOCK);
  expectEqual(<u32>nextBlock(0), <u32>a);
  const b = allocate(64);
  expectEqual(<u32>nextBlock(a), <u32>b);
  expectEqual(<u32>nextBlock(b), 0);
  expectEqual(<u32>objectAround(a), <u32>0);
  store<u32>(a, 1);
  store<u32>(a + 60, 1);
  expectEqual(release(a), RELEASED);
  expectEqual(release(a), FREED_BEFORE);
  expectEqual(blockBytes(a), 0);
  expectEqual(<u32>nextBlock(0), <u32>b);
  expectEqual(<u32>allocate(64), <u32>a);
  if (load<u32>(a) != 0 || load<u32>(a + 60) != 0) fail(Failure.NotZero);
  expectEqual(blockBytes(allocateLines(1)), CACHE_LINE);
  expectEqual(blockBytes(allocateLines(129)), 2 * CACHE_LINE);
  expectEqual(blockBytes(allocate(32768)), 32768);
  expectEqual(blockBytes(allocateLines(40000)), PAGE);
  const large = allocate(PAGE + 1);
  expectEqual(blockBytes(large), 2 * PAGE);
  expectEqual(blockOwner(large), 1);
  expectEqual(release(large + PAGE), NOT_A_BLOCK);
  expectEqual(blockBytes(large + PAGE), 0);
  store<u32>(large + 2 * PAGE - 4, 1);
  expectEqual(release(large), RELEASED);
  expectEqual(release(large), FREED_BEFORE);
  expectEqual(blockBytes(large), 0);
  expectEqual(read(entryOf(pageOf(large))), FREE);
  expectEqual(read(entryOf(pageOf(large) + 1)), FREE);
  expectEqual(<u32>allocate(2 * PAGE), <u32>large);
  if (load<u32>(large + 2 * PAGE - 4) != 0) fail(Failure.NotZero);
  // An object keeps its first word, and its span.
  const object = allocateObject(16);
  store<u32>(object, 7);
  store<u32>(object + 4, 7);
  expectEqual(<u32>objectAround(object + 100), <u32>object);
  expectEqual(release(object), RELEASED);
  expectEqual(<u32>objectAround(object), <u32>object);
  expectEqual(<u32>allocateObject(16), <u32>object);
  expectEqual(load<u32>(object), 7);
  expectEqual(load<u32>(object + 4), 0);
}

/** What others return comes home, before another span is made. */
export function allocator_prove_returned(): void {
  begin();
  const SIZE: u32 = 8192;
  const first = allocate(SIZE);
  const span = spanAt(pageOf(first));
  const count = blocksOf(span);
  for (let i: u32 = 1; i < count; i++) expectEqual(pageOf(allocate(SIZE)), pageOf(first));
  expectEqual(usedOf(span), count);
  enterAs(2);
  expectEqual(release(first), RELEASED);
  expectEqual(release(first), FREED_BEFORE);
  expectEqual(blockBytes(first), 0);
  expectEqual(blockOwner(first), 1);
  enterAs(1);
  expectEqual(release(first), FREED_BEFORE);
  expectEqual(<u32>allocate(SIZE), <u32>first);
  expectEqual(blockBytes(first), SIZE);
  const second = allocate(SIZE);
  if (pageOf(second) == pageOf(first)) fail(Failure.NotExclusive);
  // Both are full and on no list: only the hint leads to the first one.
  const other = spanAt(pageOf(second));
  for (let i = usedOf(other); i < blocksOf(other); i++) expectEqual(pageOf(allocate(SIZE)), pageOf(second));
  if (pageOf(allocate(SIZE)) == pageOf(second)) fail(Failure.NotExclusive);
  const third = blocksOf(other);
  for (let i: u32 = 1; i < third; i++) allocate(SIZE);
  enterAs(2);
  expectEqual(release(first), RELEASED);
  enterAs(1);
  expectEqual(<u32>allocate(SIZE), <u32>first);
  // Of spans without used blocks one is kept.
  for (let block = nextBlock(0); block != 0; block = nextBlock(block)) expectEqual(release(block), RELEASED);
  let kept: u32 = 0;
  for (let page = pageOf(first); page < pageOf(first) + 3; page++) if (read(entryOf(page)) != FREE) kept++;
  expectEqual(kept, 1);
}

/** The heap of one who died: what is used stays, what is not is free, and whoever needs a span of it, has it. */
export function allocator_prove_abandoned(): void {
  begin();
  const mine = allocate(64);
  enterAs(2);
  const used = allocate(64);
  const empty = allocate(256);
  const object = allocateObject(16);
  const large = allocate(PAGE + 1);
  const claimed = claim(2, NONE);
  const spare = blocksOf(spanAt(pageOf(used))) - 1;
  expectEqual(release(empty), RELEASED);
  expectEqual(release(object), RELEASED);
  expectEqual(read(entryOf(claimed)), wordOf(CLAIMED, 2, 2));
  // As if it had died: what it was about to use is free, and its lists are empty.
  enterAs(GUARDIAN);
  for (let again = 0; again < 2; again++) {
    abandonHeap(2);
    expectEqual(read(entryOf(pageOf(used))), wordOf(SPAN, 0, classOf(64)));
    expectEqual(blockOwner(used), 0);
    expectEqual(blockBytes(used), 64);
    expectEqual(read(entryOf(pageOf(object))), wordOf(SPAN, 0, classOf(CACHE_LINE) | OBJECTS));
    expectEqual(read(entryOf(pageOf(empty))), FREE);
    expectEqual(read(entryOf(claimed)), FREE);
    expectEqual(read(entryOf(claimed + 1)), FREE);
    expectEqual(blockBytes(large), 2 * PAGE);
    expectEqual(blockOwner(large), 2);
    expectEqual(blockOwner(mine), 1);
    for (let c: u32 = 0; c < CLASSES; c++) {
      expectEqual(load<u32>(recordOf(2) + heap + c * 4), 0);
      expectEqual(load<u32>(recordOf(2) + heap + 768 + c * 4), 0);
    }
  }
  // The pages that are free now are the first that are claimed.
  enterAs(3);
  expectEqual(pageOf(allocate(PAGE)), min(pageOf(empty), claimed));
  // Who needs an orphan adopts it.
  expectEqual(<u32>allocateObject(16), <u32>object);
  expectEqual(blockOwner(object), 3);
  expectEqual(pageOf(allocate(64)), pageOf(used));
  expectEqual(blockOwner(used), 3);
  expectEqual(release(used), RELEASED);
  expectEqual(blockBytes(used), 0);
  for (let i: u32 = 0; i < spare; i++) expectEqual(pageOf(allocate(64)), pageOf(used));
  if (pageOf(allocate(64)) == pageOf(used)) fail(Failure.NotExclusive);
  expectEqual(release(large), RELEASED);
  expectEqual(blockBytes(large), 0);
  // Who returns a block to one does not, and takes it home.
  enterAs(GUARDIAN);
  abandonHeap(3);
  enterAs(1);
  expectEqual(release(used), RELEASED);
  expectEqual(blockOwner(used), 0);
  expectEqual(blockBytes(used), 0);
  expectEqual(usedOf(spanAt(pageOf(used))), spare);
}
