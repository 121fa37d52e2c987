/**
 * Size classes: block sizes in steps of 16 bytes up to 128, then four to each doubling, so that a block is at most a quarter
 * larger than what was asked for beyond 64 bytes.
 *
 *     class   0   1  ...   7     8    9   10   11    12   13  ...     39
 *     bytes  16  32  ... 128   160  192  224  256   320  384  ...  32768
 *
 * Every multiple of 128 bytes has a class of a multiple of 128 bytes: what asks for whole cache lines gets them.
 */

export const CLASSES: u32 = 40;
/** Added to a class: that of the blocks of objects, which lie in spans of their own. */
export const OBJECTS: u32 = 64;
/** Bytes of the last class. */
export const LARGEST: u32 = 32768;

const STEP: u32 = 16;
/** Classes up to 128 bytes, 2^7. */
const STEPS: u32 = 8;

/** The first class of at least `bytes` bytes, 0 to LARGEST. */
export function classOf(bytes: u32): u32 {
  if (bytes <= STEP * STEPS) return bytes == 0 ? 0 : (bytes - 1) / STEP;
  const last = bytes - 1;
  const doubling = 31 - clz(last);
  return STEPS + (doubling - 7) * 4 + ((last >> (doubling - 2)) & 3);
}

export function bytesOf(sizeClass: u32): u32 {
  const plain = sizeClass & ~OBJECTS;
  if (plain < STEPS) return (plain + 1) * STEP;
  const beyond = plain - STEPS;
  return (5 + (beyond & 3)) << (5 + beyond / 4);
}

/** Pages of its spans: so many that at most an eighth is left over. */
export function pagesOf(sizeClass: u32): u32 {
  return max(bytesOf(sizeClass) >> 13, 1);
}
