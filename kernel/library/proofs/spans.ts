/**
 * Spans, proven where one operation follows the other: their layout, word by word, and blocks of several groups. All is
 * done in `init`, which takes no steps.
 */
import { addressOf } from "../pages";
import { bytesOf, OBJECTS, pagesOf } from "../size-classes";
import { PAGE } from "../space";
import * as spans from "../spans";
import { pages_prove_words_init } from "./pages";
import { expect, expectEqual } from "./worker";

const FREE: u32 = 256;
const RETURNED: u32 = 768;
const LIVE: u32 = 1280;
const DIRT: u32 = 0xffffffff;

function word(span: usize, offset: u32): u32 {
  return load<u32>(span + offset);
}

/** Where so many blocks begin: behind a byte for each, on a line. */
function beginOf(count: u32): u32 {
  return ((LIVE + count + 127) / 128) * 128;
}

/** A span of pages in which no byte is zero, with as many blocks as there is room for, none of them used. */
function expectLayout(page: u32, sizeClass: u32): usize {
  const span: usize = (page << 16) + (page % 16) * 128;
  expectEqual(<u32>spans.spanAt(page), <u32>span);
  expectEqual(spans.pageOf(span), page);
  const size = bytesOf(sizeClass);
  const room = pagesOf(sizeClass) * PAGE - (page % 16) * 128;
  let count: u32 = 0;
  while (beginOf(count + 1) + (count + 1) * size <= room) count++;
  memory.fill(addressOf(page), 0xff, pagesOf(sizeClass) * PAGE);
  spans.format(span, sizeClass, false);
  expectEqual(word(span, 0), size);
  expectEqual(word(span, 4), 0xffffffff / size + 1);
  expectEqual(word(span, 8), beginOf(count));
  expectEqual(word(span, 12), count);
  expectEqual(word(span, 16), count / 64 + (count % 64 == 0 ? 0 : 1));
  expectEqual(word(span, 20), sizeClass);
  for (let offset: u32 = 128; offset < FREE; offset += 4) expectEqual(word(span, offset), 0);
  for (let index: u32 = 0; index < 512; index++) expectFree(span, index, index < count);
  for (let index = count - min(count, 70); index < count + 70 && index < 4096; index++) {
    expectFree(span, index, index < count);
  }
  for (let offset: u32 = RETURNED; offset < LIVE; offset += 4) expectEqual(word(span, offset), 0);
  for (let offset: u32 = LIVE; offset < beginOf(count); offset += 4) expectEqual(word(span, offset), 0);
  const end: u32 = beginOf(count) + count * size;
  if (end < room) expectEqual(word(span, end), DIRT);
  for (let index: u32 = 0; index < count; index++) {
    const block = beginOf(count) + index * size;
    expectEqual(word(span, block), sizeClass & OBJECTS ? 0 : DIRT);
    expectEqual(word(span, block + 4), DIRT);
  }
  expect(spans.isOfObjects(span) == ((sizeClass & OBJECTS) != 0));
  return span;
}

/** Whether a block can be taken. */
function expectFree(span: usize, index: u32, isFree: bool): void {
  const bits = load<u64>(span + FREE + (index / 64) * 8);
  expectEqual(<u32>((bits >> (index % 64)) & 1), isFree ? 1 : 0);
}

/**
 * Spans that fill their pages to the last byte; whose last group is full; of several pages; of objects; known to be
 * zero.
 */
export function spans_prove_layout(): void {
  pages_prove_words_init();
  expectLayout(6, 0);
  expectLayout(25, 0);
  expectLayout(7, 1);
  expectLayout(12, 2);
  expectLayout(15, 4);
  expectLayout(17, 20);
  expectLayout(18, 39);
  expectLayout(8, 7 | OBJECTS);
  const span = expectLayout(26, 15 | OBJECTS);
  spans.format(span, 15, false);
  expectEqual(word(span, 20), 15);
  // What is said to be zero is not cleared.
  store<u32>(span + spans.listed, DIRT);
  spans.format(span, 15, true);
  expectEqual(word(span, spans.listed), DIRT);
}

/**
 * Bytes of the blocks of class 4, of which there are so many on page 15: 12 groups, and flags up to the first block.
 */
const SIZE: u32 = 80;
const COUNT: u32 = 768;

function blockOf(span: usize, index: u32): usize {
  return span + 2048 + index * SIZE;
}

function indexTaken(span: usize): u32 {
  return <u32>(spans.take(span) - blockOf(span, 0)) / SIZE;
}

function expectUsed(span: usize, used: u32, group: u32): void {
  expectEqual(spans.usedOf(span), used);
  expectEqual(word(span, 128), used);
  expectEqual(word(span, 132), group);
}

/** The owner takes blocks and frees them; others return some, which come home; the owner dies. */
export function spans_prove_blocks(): void {
  pages_prove_words_init();
  const span = spans.spanAt(15);
  spans.format(span, 4, true);
  expectEqual(spans.blocksOf(span), COUNT);
  expectEqual(spans.bytesOfBlock(span), SIZE);
  expectEqual(spans.classOfSpan(span), 4);
  for (let index: u32 = 0; index < COUNT; index++) {
    if (index % 64 == 0) expect(spans.seek(span));
    expectEqual(indexTaken(span), index);
    expectUsed(span, index + 1, index / 64);
    expect(spans.isInUse(span, index));
  }
  expectEqual(<u32>spans.take(span), 0);
  expect(!spans.seek(span));
  expectUsed(span, COUNT, 11);
  // What is freed last is taken first; else the first group that has one.
  spans.put(span, 3);
  expectUsed(span, COUNT - 1, 0);
  spans.put(span, 70);
  expectUsed(span, COUNT - 2, 1);
  expect(!spans.isInUse(span, 70) && !spans.isInUse(span, 3) && spans.isInUse(span, 4) && spans.isInUse(span, 71));
  expectFree(span, 3, true);
  expectFree(span, 70, true);
  expectEqual(indexTaken(span), 70);
  expectEqual(<u32>spans.take(span), 0);
  expect(spans.seek(span));
  expectUsed(span, COUNT - 1, 0);
  expectEqual(indexTaken(span), 3);
  // Others return blocks, each once.
  expect(spans.giveBack(span, 5));
  expect(!spans.giveBack(span, 5));
  expect(spans.giveBack(span, 6));
  expect(spans.giveBack(span, 66));
  expect(spans.giveBack(span, 200));
  expect(!spans.isInUse(span, 5) && spans.isInUse(span, 7) && spans.isInUse(span, 69) && !spans.isInUse(span, 200));
  expectUsed(span, COUNT, 0);
  expectEqual(spans.takeHome(span), 4);
  expectUsed(span, COUNT - 4, 3);
  expectHome(span);
  expectEqual(spans.takeHome(span), 0);
  expectUsed(span, COUNT - 4, 3);
  // One that came home when who took it died.
  store<u64>(span + RETURNED, 1 << 5);
  expectEqual(spans.takeHome(span), 0);
  expectUsed(span, COUNT - 4, 0);
  expectHome(span);
  // Who repairs believes what is live, and nothing else.
  expect(spans.giveBack(span, 300));
  for (let group: u32 = 0; group < 12; group++) store<u64>(span + FREE + group * 8, 0x00005555aaaa5555);
  store<u32>(span + 128, 7);
  store<u32>(span + spans.listed, 1);
  spans.restore(span);
  expectUsed(span, COUNT - 5, 0);
  expectEqual(word(span, spans.listed), 0);
  for (let index: u32 = 0; index < COUNT; index++) {
    expectFree(span, index, index == 5 || index == 6 || index == 66 || index == 200 || index == 300);
  }
  expectFree(span, COUNT, false);
  expectAround(span);
}

function expectHome(span: usize): void {
  for (let offset: u32 = RETURNED; offset < LIVE; offset += 4) expectEqual(word(span, offset), 0);
  for (let index: u32 = 0; index < COUNT; index++) {
    const isFree = index == 5 || index == 6 || index == 66 || index == 200;
    expectFree(span, index, isFree);
    expectEqual(load<u8>(span + LIVE + index), isFree ? 0 : 1);
  }
}

/** Addresses in blocks and beside them. The first byte of the first block is no flag. */
function expectAround(span: usize): void {
  const begin = blockOf(span, 0);
  const end = blockOf(span, COUNT);
  store<u32>(begin, DIRT);
  expectEqual(<u32>spans.inUseAfter(span, 0), <u32>begin);
  expectEqual(<u32>spans.inUseAfter(span, begin - 1), <u32>begin);
  expectEqual(<u32>spans.inUseAfter(span, begin), <u32>blockOf(span, 1));
  expectEqual(<u32>spans.inUseAfter(span, blockOf(span, 4)), <u32>blockOf(span, 7));
  expectEqual(<u32>spans.inUseAfter(span, blockOf(span, COUNT - 1)), 0);
  expectEqual(spans.indexOf(span, begin), 0);
  expectEqual(spans.indexOf(span, blockOf(span, COUNT - 1)), COUNT - 1);
  expectEqual(spans.indexOf(span, end), spans.NO_BLOCK);
  expectEqual(spans.indexOf(span, begin + 1), spans.NO_BLOCK);
  expectEqual(spans.indexOf(span, begin - SIZE), spans.NO_BLOCK);
  expectEqual(<u32>spans.blockAround(span, begin - 1), 0);
  expectEqual(<u32>spans.blockAround(span, begin), <u32>begin);
  expectEqual(<u32>spans.blockAround(span, blockOf(span, 9) - 1), <u32>blockOf(span, 8));
  expectEqual(<u32>spans.blockAround(span, end - 1), <u32>blockOf(span, COUNT - 1));
  expectEqual(<u32>spans.blockAround(span, end), 0);
}

/** Blocks that were used before are zeroed, and no byte beside them; of an object all but its first word. */
export function spans_prove_zeroed(): void {
  pages_prove_words_init();
  for (let c: u32 = 0; c < 12; c++) expectZeroed(6 + c, c);
  expectZeroed(18, 7 | OBJECTS);
  expectZeroed(19, 15 | OBJECTS);
}

function expectZeroed(page: u32, sizeClass: u32): void {
  const span = spans.spanAt(page);
  spans.format(span, sizeClass, true);
  const size = bytesOf(sizeClass);
  const before = spans.take(span);
  const block = spans.take(span);
  expectEqual(<u32>(block - before), size);
  memory.fill(before, 0xff, 3 * size);
  spans.put(span, 1);
  expectEqual(<u32>spans.take(span), <u32>block);
  const first: u32 = sizeClass & OBJECTS ? 4 : 0;
  for (let i: u32 = 0; i < 3 * size; i++) {
    expectEqual(load<u8>(before + i), i >= size + first && i < 2 * size ? 0 : 0xff);
  }
}
