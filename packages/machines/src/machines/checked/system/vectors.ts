import type { Kept } from "./kept.js";

/** Lists of 32-bit words by numbers: equal lists have one number, so that a state of many words is a few. */
export class Vectors {
  #words = new Int32Array(1 << 12);
  #starts = new Float64Array(1 << 8);
  #count = 0;
  /** Open addressing: a list's number + 1, 0 for none. */
  #table = new Int32Array(1 << 9);
  readonly #kept: Kept | undefined;

  /** `kept` counts what they grow by. */
  constructor(kept?: Kept) {
    this.#kept = kept;
  }

  /** How many lists there are: their numbers are the ones below. */
  get count(): number {
    return this.#count;
  }

  /** The number of the list that the first `length` words are; a new one, the greatest so far, if it is new. */
  numberOf(words: Int32Array, length: number): number {
    const mask = this.#table.length - 1;
    let slot = hash(words, 0, length) & mask;
    for (let entry = this.#table[slot]!; entry !== 0; entry = this.#table[slot]!) {
      if (this.#equals(entry - 1, words, length)) return entry - 1;
      slot = (slot + 1) & mask;
    }
    this.#table[slot] = this.#count + 1;
    return this.#append(words, length);
  }

  /** Counts no longer what they grew by; they must not be used any more. */
  discard(): void {
    const empty = new Vectors();
    this.#kept?.give(this.#bytes - empty.#bytes);
  }

  get #bytes(): number {
    return this.#words.byteLength + this.#starts.byteLength + this.#table.byteLength;
  }

  lengthOf(number: number): number {
    return this.#starts[number + 1]! - this.#starts[number]!;
  }

  /** The list from a word on: the very words, to be read before another list is added. */
  from(number: number, word: number): Int32Array {
    return this.#words.subarray(this.#starts[number]! + word, this.#starts[number + 1]!);
  }

  /** Copies a list to the begin of `words`; returns its length. */
  read(number: number, words: Int32Array): number {
    const start = this.#starts[number]!;
    const length = this.lengthOf(number);
    for (let i = 0; i < length; i++) words[i] = this.#words[start + i]!;
    return length;
  }

  #equals(number: number, words: Int32Array, length: number): boolean {
    if (this.lengthOf(number) !== length) return false;
    const start = this.#starts[number]!;
    for (let i = 0; i < length; i++) if (this.#words[start + i] !== words[i]) return false;
    return true;
  }

  #append(words: Int32Array, length: number): number {
    const start = this.#starts[this.#count]!;
    if (start + length > this.#words.length) this.#words = grown(this.#words, this.#kept, start + length);
    for (let i = 0; i < length; i++) this.#words[start + i] = words[i]!;
    if (this.#count + 2 > this.#starts.length) {
      this.#kept?.take(2 * this.#starts.byteLength);
      const starts = new Float64Array(2 * this.#starts.length);
      starts.set(this.#starts);
      this.#kept?.give(this.#starts.byteLength);
      this.#starts = starts;
    }
    this.#starts[this.#count + 1] = start + length;
    this.#count++;
    if (2 * this.#count > this.#table.length) this.#rehash();
    return this.#count - 1;
  }

  #rehash(): void {
    this.#kept?.take(2 * this.#table.byteLength);
    this.#kept?.give(this.#table.byteLength);
    this.#table = new Int32Array(2 * this.#table.length);
    const mask = this.#table.length - 1;
    for (let number = 0; number < this.#count; number++) {
      const start = this.#starts[number]!;
      let slot = hash(this.#words, start, this.lengthOf(number)) & mask;
      while (this.#table[slot] !== 0) slot = (slot + 1) & mask;
      this.#table[slot] = number + 1;
    }
  }
}

/** An array of twice the length, or of `least`, that begins with the same words. While it is copied there are both. */
export function grown(words: Int32Array, kept?: Kept, least = 0): Int32Array<ArrayBuffer> {
  const length = Math.max(2 * words.length, least);
  kept?.take(4 * length);
  const larger = new Int32Array(length);
  larger.set(words);
  kept?.give(words.byteLength);
  return larger;
}

/** The same of bytes, of twice the length. */
export function grownBytes(bytes: Uint8Array, kept?: Kept): Uint8Array<ArrayBuffer> {
  kept?.take(2 * bytes.length);
  const larger = new Uint8Array(2 * bytes.length);
  larger.set(bytes);
  kept?.give(bytes.length);
  return larger;
}

/** Of the words from `start`: Murmur3's mixing and its end. */
function hash(words: Int32Array, start: number, length: number): number {
  let h = length;
  for (let i = start; i < start + length; i++) {
    const k = Math.imul(words[i]!, 0xcc9e2d51);
    h ^= Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
