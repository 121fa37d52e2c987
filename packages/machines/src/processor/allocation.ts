/** Allocation for arrays of numbers: in a buffer of their own, or in the interpreter's memory. */

/** Some bytes of a buffer, from a multiple of 16 on. */
export interface Allocation {
  readonly buffer: ArrayBufferLike;
  readonly address: number;
}

/** Gives zeroed room for good. */
export type Allocate = (bytes: number) => Allocation;

/** A buffer for each, where no processor executes register code. */
export const allocateOwn: Allocate = (bytes) => ({ buffer: new ArrayBuffer(bytes), address: 0 });

export function bytesIn(allocate: Allocate, length: number): Uint8Array {
  const { buffer, address } = allocate(length);
  return new Uint8Array(buffer, address, length);
}

export function wordsIn(allocate: Allocate, length: number): Int32Array {
  const { buffer, address } = allocate(4 * length);
  return new Int32Array(buffer, address, length);
}

export function doublesIn(allocate: Allocate, length: number): Float64Array {
  const { buffer, address } = allocate(8 * length);
  return new Float64Array(buffer, address, length);
}
