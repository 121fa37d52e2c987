/**
 * What lies where in the interpreter's memory, and its one allocator.
 *
 *     0         the stop (see stop.ts)
 *     CODE      the heap: images (their code, segments, bindings), one context for each processor, and what machines keep
 *               beside them; pcs are offsets from here
 */

/** Must equal the constant of the same name in interpreter.ts of the other side. */
export const CODE: u32 = 1024;

/** Tells the other side that the memory has grown: its views end where it ended. */
export declare function grown(): void;

let top: u32 = 0;
/** Free blocks by the logarithm of their size, each with the next one's address in its first word. */
const FREE: u32 = 512;

/** To be called once. */
export function openHeap(): void {
  top = CODE;
}

/** Pages: the most of a memory. One costs nothing before it is used; a growth looks at all shared memories of the thread. */
const MAXIMUM_PAGES: u32 = 65536;

function reserve(end: u64): void {
  const pages = <u32>memory.size();
  const missing = <i32>((end + 0xffff) >> 16) - <i32>pages;
  if (missing <= 0) return;
  if (memory.grow(max<i32>(missing, min<u32>(pages, MAXIMUM_PAGES - pages))) < 0) unreachable();
  grown();
}

/** Zeroed bytes for good, from a multiple of 16 on; 0 if there are not so many. */
export function extend(bytes: u32): u32 {
  const block = top;
  const end = <u64>top + ((<u64>bytes + 15) & ~15);
  if (end >= (<u64>MAXIMUM_PAGES) << 16) return 0;
  reserve(end);
  top = <u32>end;
  return block;
}

/** The power of two that `allocate` hands out for that many bytes. */
export function blockSize(bytes: u32): u32 {
  return bytes <= 16 ? 16 : (<u32>1) << (32 - clz<u32>(bytes - 1));
}

export function allocate(bytes: u32): u32 {
  const size = blockSize(bytes);
  const list = FREE + 4 * ctz<u32>(size);
  const free = load<u32>(list);
  if (free) {
    store<u32>(list, load<u32>(free));
    return free;
  }
  const block = top;
  reserve(<u64>block + size);
  top += size;
  return block;
}

export function release(block: u32, bytes: u32): void {
  const list = FREE + 4 * ctz<u32>(blockSize(bytes));
  store<u32>(block, load<u32>(list));
  store<u32>(list, block);
}
