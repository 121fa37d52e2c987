/** Unsigned numbers of variable length (LEB128): seven bits a byte, the lowest first. */

/** The position after a number. */
export function skipNumber(bytes: Uint8Array, position: number): number {
  let end = position;
  while (bytes[end]! & 0x80) end++;
  return end + 1;
}

/** The number of at most 32 bits that begins at `position`. */
export function readNumber(bytes: Uint8Array, position: number): number {
  let number = 0;
  for (let i = skipNumber(bytes, position) - 1; i >= position; i--) number = number * 128 + (bytes[i]! & 0x7f);
  return number;
}

export function writeNumber(number: number): number[] {
  return number < 128 ? [number] : [(number % 128) | 0x80, ...writeNumber(Math.floor(number / 128))];
}
