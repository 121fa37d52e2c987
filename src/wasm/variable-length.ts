/** The position after a number of variable length (LEB128). */
export function skipNumber(bytes: Uint8Array, position: number): number {
  let end = position;
  while (bytes[end]! & 0x80) end++;
  return end + 1;
}
