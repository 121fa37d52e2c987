/** Copies of bytes into a ring and out of it, or to a place of a space; fast for few bytes, too. */
import type { SharedSpace } from "./space.js";

/** Bytes that are faster copied one by one: a call of `set` or `subarray` takes some 20 ns. */
const FEW_BYTES = 32;

/** Copies the first `length` bytes to where the ring's `at` says. */
export function copyIn(from: Uint8Array, length: number, ring: Uint8Array, at: number): void {
  if (length > FEW_BYTES) ring.set(length === from.length ? from : from.subarray(0, length), at);
  else for (let i = 0; i < length; i++) ring[at + i] = from[i]!;
}

/**
 * Copies `length` bytes from the ring to the beginning of others.
 *
 * @throws {RangeError} if they are too many
 */
export function copyOut(ring: Uint8Array, at: number, length: number, to: Uint8Array): void {
  if (length > to.length) {
    throw new RangeError(
      `Cannot receive into ${to.length} bytes: received a message of ${length}; expected room for it`,
    );
  }
  if (length > FEW_BYTES) to.set(ring.subarray(at, at + length));
  else for (let i = 0; i < length; i++) to[i] = ring[at + i]!;
}

/** Words that are faster copied one by one. */
export const FEW_WORDS = 64;

/** Copies `length` bytes as whole words, up to three bytes more. */
export function copyWords(from: Int32Array, at: number, length: number, to: Int32Array, begin: number): void {
  const words = (length + 3) >>> 2;
  for (let i = 0; i < words; i++) to[begin + i] = from[at + i]!;
}

/** What was written: the first `at` bytes, which the words are, too. */
interface Written {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

/** Copies what was written to an address of a space, a multiple of 4. */
export function copyWritten({ at: length, bytes, words }: Written, space: SharedSpace, address: number): void {
  if (length <= FEW_WORDS * 4) copyWords(words, 0, length, space.words(address, length), address >>> 2);
  else copyIn(bytes, length, space.bytes(address, length), address);
}
