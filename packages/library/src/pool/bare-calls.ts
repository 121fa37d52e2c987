/**
 * Calls without arguments, as most are that only tell a worker to do something: each is written once in a thread, and read
 * once. From then on its words are copied, or compared.
 */
import type { Call } from "../structured-format.js";

/** Words of a call that is compared: its name has some 60 letters. */
const MOST_WORDS = 16;

/** A call as it was written. */
export interface WrittenCall {
  readonly words: Int32Array;
  readonly bytes: number;
}

export function wordsOf(written: Uint8Array): WrittenCall {
  const words = new Int32Array(Math.ceil(written.length / 4));
  new Uint8Array(words.buffer).set(written);
  return { words, bytes: written.length };
}

/** The last call without arguments that was read, as long as the same one comes again. */
export class LastCall {
  readonly #words = new Int32Array(MOST_WORDS);
  #bytes = -1;
  #call: Call | undefined;

  /** The call at a place of shared words, if it is that one; else undefined. */
  find(from: Int32Array, begin: number, bytes: number): Call | undefined {
    if (bytes !== this.#bytes) return undefined;
    const words = this.#words;
    for (let i = 0, count = (bytes + 3) >>> 2; i < count; i++) if (words[i] !== from[begin + i]) return undefined;
    return this.#call;
  }

  /** What was read there. */
  keep(call: Call, from: Int32Array, begin: number, bytes: number): void {
    const isBare = call.length === 2 && call[1]?.length === 0;
    if (!isBare || bytes > MOST_WORDS * 4) return;
    for (let i = 0, count = (bytes + 3) >>> 2; i < count; i++) this.#words[i] = from[begin + i]!;
    this.#bytes = bytes;
    this.#call = call;
  }
}
