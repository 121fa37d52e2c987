/**
 * Heaps, proven where a worker acts while another does, or dies, in a space that cannot grow: one that ends while a block of
 * its span is returned, some that return blocks of one orphan, whose page is used again or not, one that gives up pages, and
 * objects that others come upon.
 *
 *     SCENE | the block that is returned first | the next one | blocks that are used |
 */
import { read, write } from "../../atomics";
import { processor, processors } from "../../machine";
import { abandonHeap, allocate, allocateObject, blockBytes, objectAround, RELEASED, release } from "../allocator";
import {
  addressOf,
  CLAIMED,
  CLEAN,
  claim,
  endPage,
  entryOf,
  FREE,
  firstPage,
  INSIDE,
  NONE,
  SPAN,
  slotOf,
  wordOf,
} from "../pages";
import { classOf } from "../size-classes";
import { CACHE_LINE, enterAs, me, PAGE } from "../space";
import { blocksOf, spanAt, usedOf } from "../spans";
import { pageOf } from "./blocks";
import { begin, expect, expectEqual, prepareWorkers, SCENE } from "./worker";

const block: usize = SCENE;
const nextBlock: usize = SCENE + 4;
const used: usize = SCENE + 8;

/** The bytes of a block of which few fit into a span of one page. */
const SIZE: u32 = 8192;

/** A span of the worker of slot 1, with so many used blocks. Returns the first one. */
function makeSpan(count: u32): usize {
  enterAs(1);
  const first = allocate(SIZE);
  const blocks = blocksOf(spanAt(pageOf(first)));
  for (let i: u32 = 1; i < blocks; i++) allocate(SIZE);
  for (let i = count; i < blocks; i++) release(first + i * SIZE);
  return first;
}

/** What can be allocated by the worker of a slot, until nothing is left. */
function allocateAll(slot: u32): u32 {
  enterAs(slot);
  let count: u32 = 0;
  for (let each = allocate(SIZE); each != 0; each = allocate(SIZE)) {
    expectEqual(blockBytes(each), SIZE);
    count++;
  }
  return count;
}

/** Processor 0 ends; 1 returns a block of its only span, of which `count` are used. */
export function leaves_prove_init(count: u32): void {
  prepareWorkers();
  memory.grow(1);
  write(block, <u32>makeSpan(count));
  write(used, count);
}

export function leaves_prove_run(): void {
  begin();
  if (processor() == 0) abandonHeap(me);
  else expectEqual(release(read(block)), RELEASED);
}

/** All blocks but those that are used still are there for the one who is left; so is the page, if none is. */
export function leaves_prove_end(): void {
  if (read(used) == 1) expectEqual(read(entryOf(firstPage())), FREE);
  expectEqual(allocateAll(2), 8 - read(used));
}

/** Each returns a block of an orphan, of which `count` are used. */
export function orphan_prove_init(count: u32): void {
  prepareWorkers();
  memory.grow(1);
  write(block, <u32>makeSpan(count));
  write(used, count);
  abandonHeap(1);
}

export function orphan_prove_run(): void {
  begin();
  expectEqual(release(read(block) + processor() * SIZE), RELEASED);
}

/** The page is nobody's: free, if no block of it is used, but for one for each death. Whoever is left has all the others. */
export function orphan_prove_end(deaths: u32): void {
  const left = read(used) - processors();
  const word = read(entryOf(firstPage()));
  expectEqual(slotOf(word), 0);
  if (deaths == 0) expectEqual(word, left == 0 ? FREE : wordOf(SPAN, 0, classOf(SIZE)));
  const all = allocateAll(2);
  expect(all <= 7 - left && all + deaths >= 7 - left);
}

/** Both return the blocks of an orphan of which two are used, and then put its page to another use, inside of two. */
export function reused_prove_init(): void {
  prepareWorkers();
  memory.grow(2);
  enterAs(1);
  const page = allocate(PAGE);
  write(block, <u32>makeSpan(2));
  abandonHeap(1);
  release(page);
}

export function reused_prove_run(): void {
  begin();
  expectEqual(release(read(block) + processor() * SIZE), RELEASED);
  if (claim(2, NONE) != NONE) memory.fill(spanAt(firstPage() + 1), 0, CACHE_LINE);
}

/** Whoever was late has left it to who has it now. */
export function reused_prove_end(): void {
  const word = read(entryOf(firstPage()));
  expect(slotOf(word) == 1 || slotOf(word) == 2);
  expectEqual(word, wordOf(CLAIMED, slotOf(word), 2));
  expectEqual(read(entryOf(firstPage() + 1)), wordOf(INSIDE, 0, 1));
}

/** One processor returns the used blocks of its two spans, and ends; or it dies. */
export function gives_up_prove_init(): void {
  prepareWorkers();
  memory.grow(2);
  const first = makeSpan(7);
  write(nextBlock, <u32>makeSpan(1));
  for (let i: u32 = 1; i < 7; i++) release(first + i * SIZE);
  write(block, <u32>first);
}

export function gives_up_prove_run(): void {
  begin();
  expectEqual(release(read(block)), RELEASED);
  expectEqual(release(read(nextBlock)), RELEASED);
  abandonHeap(me);
}

/** Pages are free, but those of orphans with used blocks. */
export function gives_up_prove_end(): void {
  for (let page = firstPage(); page < endPage(); page++) {
    const word = read(entryOf(page));
    if (word == CLEAN || word == FREE) continue;
    expectEqual(word, wordOf(SPAN, 0, classOf(SIZE)));
    expect(usedOf(spanAt(page)) > 0);
  }
}

/** Processor 0 makes an object of a page whose bytes are not zero; 1 looks for it. */
export function appears_prove_init(): void {
  prepareWorkers();
  memory.grow(1);
  enterAs(1);
  const page = allocate(PAGE);
  memory.fill(page, 1, PAGE);
  release(page);
}

export function appears_prove_run(bytes: u32): void {
  begin();
  if (processor() == 0) {
    expect(allocateObject(bytes) != 0);
    return;
  }
  const object = objectAround(addressOf(firstPage()) + PAGE / 2);
  if (object != 0) expectEqual(read(object), 0);
}
