/**
 * The allocator, proven, in a space that cannot grow.
 *
 * Blocks: `turns` times each processor allocates a block, if there is one, writes to it with plain stores, which would be a
 * race if another had it, too, and puts it into the mailbox; the block that was there, it frees. In the end it may leave.
 *
 * Home: processor 1 frees two blocks of processor 0, who allocates two.
 *
 * Pages: each processor claims one page or two side by side, if they are free, writes to them, and frees them.
 *
 * Twice: all processors free the same block, and one succeeds.
 *
 *     SCENE | turns | bytes | count | ... | mailbox |
 */
import { fetch_and_increment, fetch_and_store, read, write } from "../../atomics";
import { Failure, fail, processor, processors } from "../../machine";
import { abandonHeap, allocate, FREED_BEFORE, nextBlock, RELEASED, release } from "../allocator";
import { addressOf, claim, endPage, entryOf, FREE, firstPage, free, NONE } from "../pages";
import { enterAs, me, PAGE, workers } from "../space";
import { blocksOf, bytesOfBlock, spanAt } from "../spans";
import { begin, prepareWorkers, SCENE } from "./worker";

const turns: usize = SCENE;
const bytes: usize = SCENE + 4;
/** How often something was done, by any processor. */
const count: usize = SCENE + 8;
const mailbox: usize = SCENE + 128;

/** What the words of a block are while it is used. */
const STAMP: u32 = 0x57a3b10c;

/** `spareEach`: blocks free in each processor's span; 0 for no spans, and pages that are free. */
export function blocks_prove_init(turnsEach: u32, bytesEach: u32, spareEach: u32, pages: u32): void {
  prepare(pages);
  write(turns, turnsEach);
  write(bytes, bytesEach);
  for (let p: u32 = 0; p < processors() && spareEach > 0; p++) {
    enterAs(p + 1);
    fillSpan(bytesEach, spareEach);
  }
}

function prepare(pages: u32): void {
  prepareWorkers();
  memory.grow(pages);
}

/** Returns the last block that is used. */
function fillSpan(size: u32, spare: u32): usize {
  let block = allocate(size);
  const span = spanAt(<u32>block / PAGE);
  for (let i = blocksOf(span); i > 1; i--) block = allocate(size);
  for (; spare > 0; spare--) {
    release(block);
    block -= bytesOfBlock(span);
  }
  return block;
}

export function blocks_prove_run(): void {
  begin();
  const size = read(bytes);
  for (let turn: u32 = 0, all = read(turns); turn < all; turn++) {
    const mine = allocate(size);
    if (mine != 0) {
      if (load<u32>(mine) != 0 || load<u32>(mine + size - 4) != 0) fail(Failure.NotZero);
      store<u32>(mine, STAMP);
      store<u32>(mine + size - 4, STAMP);
    }
    const other = fetch_and_store(mailbox, <u32>mine);
    if (other != 0) {
      if (load<u32>(other) != STAMP || load<u32>(other + size - 4) != STAMP) fail(Failure.NotExclusive);
      store<u32>(other, 0);
      if (release(other) != RELEASED) fail(Failure.Lost);
    }
  }
}

/** The same by processors that end in good order. */
export function leaving_prove_run(): void {
  blocks_prove_run();
  abandonHeap(me);
}

/**
 * Each block is used, or can be allocated by one of those who are there; and none is used but those that were at first,
 * and that in the mailbox. But for one for each death.
 */
export function blocks_prove_end(spareEach: u32, deaths: u32): void {
  const used = countUsed();
  const left = allocateAll();
  let blocks: u32 = 0;
  for (let page = firstPage(); page < endPage(); page++) blocks += blocksOf(spanAt(page));
  const filled = spareEach > 0 ? blocks - spareEach * processors() : 0;
  if (used > filled + (read(mailbox) == 0 ? 0 : 1) + deaths) fail(Failure.Lost);
  if (used + left > blocks || used + left + deaths < blocks) fail(Failure.Lost);
}

/** How many blocks the processors can allocate. */
function allocateAll(): u32 {
  let blocks: u32 = 0;
  for (let p: u32 = 0; p < processors(); p++) {
    enterAs(p + 1);
    while (allocate(read(bytes)) != 0) blocks++;
  }
  return blocks;
}

function countUsed(): u32 {
  let used: u32 = 0;
  for (let block = nextBlock(0); block != 0; block = nextBlock(block)) used++;
  return used;
}

/** A span of processor 0, full. */
export function home_prove_init(bytesEach: u32): void {
  prepare(1);
  write(bytes, bytesEach);
  enterAs(1);
  write(mailbox, <u32>fillSpan(bytesEach, 0));
}

export function home_prove_run(): void {
  begin();
  const size = read(bytes);
  for (let i: u32 = 0; i < 2; i++) {
    if (processor() == 1) {
      if (release(read(mailbox) - i * size) != RELEASED) fail(Failure.Lost);
    } else if (allocate(size) != 0) {
      fetch_and_increment(count);
    }
  }
}

/** Those that were freed are used again, or can be; but for one for each death. */
export function home_prove_end(deaths: u32): void {
  const blocks = blocksOf(spanAt(firstPage()));
  const used = countUsed();
  if (used > blocks - 2 + read(count) + deaths || used + allocateAll() != blocks) fail(Failure.Lost);
}

export function pages_prove_init(turnsEach: u32, pages: u32): void {
  prepare(pages);
  write(turns, turnsEach);
}

export function pages_prove_run(): void {
  begin();
  for (let turn: u32 = 0, all = read(turns); turn < all; turn++) {
    const many: u32 = 1 + ((turn + processor()) & 1);
    const page = claim(many, NONE);
    if (page == NONE) continue;
    const stamp = processor() + 1;
    for (let i: u32 = 0; i < many; i++) store<u32>(addressOf(page + i), stamp);
    for (let i: u32 = 0; i < many; i++) {
      if (load<u32>(addressOf(page + i)) != stamp) fail(Failure.NotExclusive);
    }
    free(page, many);
  }
}

export function pages_prove_end(): void {
  for (let page = firstPage(); page < endPage(); page++) {
    if (read(entryOf(page)) > FREE) fail(Failure.Lost);
  }
}

/** `bytesEach` decides whether it is a block of a span or of pages. */
export function twice_prove_init(bytesEach: u32): void {
  prepare(1);
  enterAs(workers() + 1);
  write(mailbox, <u32>allocate(bytesEach));
}

export function twice_prove_run(): void {
  begin();
  const result = release(read(mailbox));
  if (result == RELEASED) fetch_and_increment(count);
  else if (result != FREED_BEFORE) fail(Failure.Lost);
}

export function twice_prove_end(deaths: u32): void {
  const released = read(count);
  if (released > 1 || released + deaths < 1 || nextBlock(0) != 0) fail(Failure.Lost);
}
