/**
 * Blocks, proven where one operation follows the other: how large they are, in which pages they lie, and what is said of
 * addresses in them and beside them. All is done in `init`, which takes no steps.
 */
import { read, write } from "../../atomics";
import {
  allocate,
  allocateLines,
  allocateObject,
  blockBytes,
  blockOwner,
  FREED_BEFORE,
  hasPages,
  NOT_A_BLOCK,
  nextBlock,
  objectAround,
  RELEASED,
  release,
} from "../allocator";
import { claim, free, kindOf, LARGE, NONE, OBJECT, SPAN } from "../pages";
import { classOf, OBJECTS } from "../size-classes";
import { CACHE_LINE, enterAs, PAGE } from "../space";
import { blocksOf, format, spanAt, take } from "../spans";
import { END, entryOf, FIRST, pages_prove_words_init } from "./pages";
import { expect, expectEqual } from "./worker";

export function pageOf(address: usize): u32 {
  return <u32>address / PAGE;
}

/** Numbers that the compiler does not know. */
function bytesAt(offset: u32): u32 {
  return read(40960 + offset);
}

/** Sizes: of no byte, of lines, and at the border of those that have pages of their own. */
export function blocks_prove_sizes(): void {
  pages_prove_words_init();
  enterAs(2);
  const none = bytesAt(0);
  write(40964, 32769);
  write(40968, 32768);
  const over = bytesAt(4);
  const most = bytesAt(8);
  expectEqual(blockBytes(allocate(none)), 16);
  expectEqual(blockBytes(allocateLines(none)), CACHE_LINE);
  expectEqual(blockBytes(allocateLines(none + 1)), CACHE_LINE);
  expectEqual(blockBytes(allocateLines(none + 128)), CACHE_LINE);
  expectEqual(blockBytes(allocateLines(none + 129)), 2 * CACHE_LINE);
  expectEqual(blockBytes(allocateObject(none)), CACHE_LINE);
  expectEqual(blockBytes(allocateObject(none + 1)), CACHE_LINE);
  expectEqual(blockBytes(allocateObject(none + 128)), CACHE_LINE);
  expectEqual(blockBytes(allocateObject(none + 129)), 2 * CACHE_LINE);
  for (let kind: u32 = 0; kind < 3; kind++) {
    const fits = kind == 0 ? allocate(most) : kind == 1 ? allocateLines(most) : allocateObject(most);
    expectEqual(blockBytes(fits), 32768);
    expectEqual(kindOf(read(entryOf(pageOf(fits)))), SPAN);
    const large = kind == 0 ? allocate(over) : kind == 1 ? allocateLines(over) : allocateObject(over);
    expectEqual(blockBytes(large), PAGE);
    expectEqual(<u32>large, pageOf(large) * PAGE);
    expectEqual(read(entryOf(pageOf(large))), (kind == 2 ? OBJECT : LARGE) | (2 << 3) | (1 << 16));
    expect(hasPages(large) == (kind == 2));
    expect(!hasPages(fits));
  }
}

/** Pages that are free look like a span with a used block: a program wrote so, to whom they belonged. */
export function blocks_prove_alike(): void {
  pages_prove_words_init();
  enterAs(2);
  const page = pageOf(allocate(PAGE));
  const span = spanAt(page);
  format(span, classOf(64) | OBJECTS, false);
  const block = take(span);
  expectEqual(release(block), NOT_A_BLOCK);
  expectEqual(blockBytes(block), 0);
  expectEqual(<u32>nextBlock(page * PAGE), 0);
  expectEqual(release(page * PAGE), RELEASED);
  expectEqual(release(block), FREED_BEFORE);
  expectEqual(blockBytes(block), 0);
  expectEqual(<u32>objectAround(block), 0);
  expectEqual(<u32>nextBlock(0), 0);
}

/** Objects and blocks of many pages; addresses that are in none. */
export function blocks_prove_pages(): void {
  pages_prove_words_init();
  enterAs(2);
  const object = allocateObject(2 * PAGE + 1);
  expectEqual(read(entryOf(pageOf(object))), 0x30016);
  expectEqual(blockBytes(object), 3 * PAGE);
  expectEqual(blockOwner(object), 2);
  expectEqual(blockOwner(object + 2 * PAGE), 2);
  for (let offset: u32 = 0; offset < 3 * PAGE; offset += PAGE / 2) {
    expectEqual(<u32>objectAround(object + offset), <u32>object);
    if (offset > 0) expectEqual(release(object + offset), NOT_A_BLOCK);
    if (offset > 0) expectEqual(blockBytes(object + offset), 0);
  }
  const block = allocate(2 * PAGE);
  expectEqual(read(entryOf(pageOf(block))), 0x20014);
  expectEqual(<u32>objectAround(block), 0);
  expectEqual(<u32>objectAround(block + PAGE), 0);
  expectEqual(<u32>objectAround(FIRST * PAGE - 1), 0);
  expectEqual(<u32>objectAround(END * PAGE), 0);
  // Behind the last page that there is, whatever a word says.
  write(entryOf(END), 0x10016);
  write(entryOf(FIRST - 1), 0x10016);
  expectEqual(<u32>objectAround(END * PAGE), 0);
  expectEqual(<u32>objectAround((FIRST - 1) * PAGE), 0);
  expectEqual(<u32>nextBlock(0), <u32>object);
  expectEqual(<u32>nextBlock(object - 1), <u32>object);
  expectEqual(<u32>nextBlock(object), <u32>block);
  expectEqual(<u32>nextBlock(object + PAGE), <u32>block);
  expectEqual(<u32>nextBlock(block), 0);
  write(entryOf(END), 0);
  write(entryOf(FIRST - 1), 0);
  // A span of several pages, whose last blocks lie in the others.
  const first = allocateObject(32768);
  let last = first;
  const page = pageOf(first);
  for (let i = blocksOf(spanAt(page)); i > 1; i--) last = allocateObject(32768);
  expectEqual(pageOf(last), page + 3);
  expectEqual(blockOwner(last), 2);
  expectEqual(blockBytes(last), 32768);
  expectEqual(<u32>objectAround(last + 5), <u32>last);
  expectEqual(<u32>objectAround(first - 1), 0);
  expectEqual(<u32>objectAround(spanAt(page)), 0);
  expectEqual(<u32>objectAround((page + 4) * PAGE - 1), 0);
  expectEqual(<u32>nextBlock(block), <u32>first);
  expectEqual(<u32>nextBlock(last), 0);
  expectEqual(release(last + 16), NOT_A_BLOCK);
  expectEqual(release(last), RELEASED);
  expectEqual(release(last), FREED_BEFORE);
  expectEqual(release((page + 4) * PAGE), NOT_A_BLOCK);
  // Dirty pages are zeroed; others free them, once.
  store<u32>(object, 1);
  store<u32>(object + 3 * PAGE - 4, 1);
  enterAs(3);
  expectEqual(release(object), RELEASED);
  expectEqual(release(object), FREED_BEFORE);
  expectEqual(release(object + PAGE), FREED_BEFORE);
  expect(!hasPages(object));
  expectEqual(<u32>objectAround(object), 0);
  expectEqual(claim(1, NONE), pageOf(object));
  expectEqual(release(object), FREED_BEFORE);
  free(pageOf(object), 1);
  expectEqual(<u32>allocate(3 * PAGE), <u32>object);
  expectEqual(load<u32>(object), 0);
  expectEqual(load<u32>(object + 3 * PAGE - 4), 0);
  expectEqual(blockOwner(object), 3);
}
