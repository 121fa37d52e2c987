import type { Kept } from "./kept.js";

/** Lists of 32-bit words by numbers: equal lists have one number, so that a state of many words is a few. */
export class Vectors {
  #words = new Int32Array(1 << 12);
  #starts = new Float64Array(1 << 8);
  #count = 0;
  /** Open addressing, two words each: a list's number + 1, 0 for none; its hash, which spares a look at most others. */
  #table = new Int32Array(1 << 10);
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
    const table = this.#table;
    const mask = table.length - 1;
    const hashed = hash(words, length);
    let slot = (2 * hashed) & mask;
    for (let entry = table[slot]!; entry !== 0; entry = table[slot]!) {
      if (table[slot + 1] === hashed && this.#equals(entry - 1, words, length)) return entry - 1;
      slot = (slot + 2) & mask;
    }
    table[slot] = this.#count + 1;
    table[slot + 1] = hashed;
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
    const length = this.#starts[number + 1]! - start;
    const own = this.#words;
    for (let i = 0; i < length; i++) words[i] = own[start + i]!;
    return length;
  }

  #equals(number: number, words: Int32Array, length: number): boolean {
    const start = this.#starts[number]!;
    if (this.#starts[number + 1]! - start !== length) return false;
    const own = this.#words;
    for (let i = 0; i < length; i++) if (own[start + i] !== words[i]) return false;
    return true;
  }

  #append(words: Int32Array, length: number): number {
    const start = this.#starts[this.#count]!;
    if (start + length > this.#words.length) this.#words = grown(this.#words, this.#kept, start + length);
    const own = this.#words;
    for (let i = 0; i < length; i++) own[start + i] = words[i]!;
    if (this.#count + 2 > this.#starts.length) {
      this.#kept?.take(2 * this.#starts.byteLength);
      const starts = new Float64Array(2 * this.#starts.length);
      starts.set(this.#starts);
      this.#kept?.give(this.#starts.byteLength);
      this.#starts = starts;
    }
    this.#starts[this.#count + 1] = start + length;
    this.#count++;
    if (4 * this.#count > this.#table.length) this.#rehash();
    return this.#count - 1;
  }

  #rehash(): void {
    this.#kept?.take(2 * this.#table.byteLength);
    this.#kept?.give(this.#table.byteLength);
    const old = this.#table;
    const table = new Int32Array(2 * old.length);
    const mask = table.length - 1;
    for (let at = 0; at < old.length; at += 2) {
      if (old[at] === 0) continue;
      let slot = (2 * old[at + 1]!) & mask;
      while (table[slot] !== 0) slot = (slot + 2) & mask;
      table[slot] = old[at]!;
      table[slot + 1] = old[at + 1]!;
    }
    this.#table = table;
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

/** Of the first words: Murmur3's mixing and its end. */
function hash(words: Int32Array, length: number): number {
  let h = length;
  for (let i = 0; i < length; i++) {
    const k = Math.imul(words[i]!, 0xcc9e2d51);
    h ^= Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
