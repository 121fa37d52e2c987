/** Which write was the last to each word of memory; see LastWrites in src/machines/simulated/memory/miss-history.ts. */
const WORD_BITS: u32 = 2;
const PAGE_BITS: u32 = 14;
const PAGE_MASK: u32 = (1 << PAGE_BITS) - 1;

/** The address of the number of the last write, f64. */
let last: u32 = 0;
/** By page: the address of the numbers of the last writes to its words, f64; 0 while there are none. */
let pages: u32 = 0;

export function setWrites(lastAt: u32, pagesAt: u32): void {
  last = lastAt;
  pages = pagesAt;
}

export function lastWrite(): f64 {
  return load<f64>(last);
}

function pageOf(word: u32): u32 {
  return load<u32>(pages + 4 * (word >>> PAGE_BITS));
}

/** Notes a write of 1 to 8 bytes; whether it could, having the pages of all of its words. */
export function noteWrite(address: u32, size: u32): bool {
  const first = address >>> WORD_BITS;
  const end = (address + size - 1) >>> WORD_BITS;
  if (!pageOf(first) || !pageOf(end)) return false;
  const number = load<f64>(last) + 1;
  store<f64>(last, number);
  for (let word = first; word <= end; word++) store<f64>(pageOf(word) + 8 * (word & PAGE_MASK), number);
  return true;
}

/** Whether any word of a line was written after that write. */
export function writtenSince(write: f64, line: u32, bytes: u32): bool {
  const end = (line + bytes - 1) >>> WORD_BITS;
  for (let word = line >>> WORD_BITS; word <= end; word++) {
    const page = pageOf(word);
    if (page && load<f64>(page + 8 * (word & PAGE_MASK)) > write) return true;
  }
  return false;
}
