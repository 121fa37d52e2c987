/**
 * Values that this worker has decoded, by the nodes that they were in: as long as a node is the same, so is its value. They
 * are frozen, as all who get one get the same one.
 */
import { frozen } from "../frozen.js";

/** Sets of places, 2^12; a value whose places others have taken is decoded again. */
const SET_BITS = 12;
/** Places of a set. */
const WAYS = 4;
const PLACES = WAYS * 2 ** SET_BITS;
/** Bytes of a value that is kept: all of them are at most 16 MiB. */
const MOST_BYTES = 1024;

/** Before there is any. */
const NONE = new Int32Array(PLACES * 3);

export class DecodedValues {
  /** In each place: node, and the two words of its stamp. */
  #keys = NONE;
  readonly #values: unknown[] = [];
  /** Which of a set's places is given to the next that finds all taken. */
  #next = 0;

  /** The place of a node's value, if it is here; else -1. */
  find(node: number, low: number, high: number): number {
    const keys = this.#keys;
    const first = firstOf(node);
    for (let place = first; place < first + WAYS; place++) {
      const at = place * 3;
      if (keys[at] === (node | 0) && keys[at + 1] === low && keys[at + 2] === high) return place;
    }
    return -1;
  }

  at(place: number): unknown {
    return this.#values[place];
  }

  /** Keeps a value, which is frozen for that, if all of it can be. @returns whether it does */
  keep(node: number, low: number, high: number, bytes: number, value: unknown): boolean {
    left = MOST_BYTES;
    if (bytes > MOST_BYTES || !canFreeze(value, 0)) return false;
    frozen(value);
    if (this.#keys === NONE) this.#keys = new Int32Array(PLACES * 3);
    const keys = this.#keys;
    const first = firstOf(node);
    let place = first;
    // That of the node's value before, or one that is free.
    while (place < first + WAYS && keys[place * 3] !== (node | 0) && keys[place * 3] !== 0) place++;
    if (place === first + WAYS) {
      place = first + this.#next;
      this.#next = (this.#next + 1) % WAYS;
    }
    keys[place * 3] = node;
    keys[place * 3 + 1] = low;
    keys[place * 3 + 2] = high;
    while (this.#values.length <= place) this.#values.push(undefined);
    this.#values[place] = value;
    return true;
  }

  /** So that they can be collected. */
  forget(): void {
    this.#keys = NONE;
    this.#values.length = 0;
  }
}

/** Neighbours in memory are no neighbours here: blocks of one size would meet in few sets (Knuth's multiplicative hash). */
function firstOf(node: number): number {
  return (Math.imul(node >>> 4, 0x9e3779b1) >>> (32 - SET_BITS)) * WAYS;
}

/** Containers within each other that are looked through. */
const MOST_DEPTH = 32;

/** Containers that may still be looked at. Each takes a byte at least: who meets more meets the same ones many times. */
let left = 0;

/** Whether it is of plain objects, arrays and primitives alone: what else there is changes although it is frozen. */
function canFreeze(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depth === MOST_DEPTH || --left < 0) return false;
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return false;
  // Of an array, too: it may be of few elements far from each other, and have properties with names.
  for (const key in value) {
    const part = value[key as keyof typeof value] as unknown;
    if (typeof part === "object" && !canFreeze(part, depth + 1)) return false;
  }
  return true;
}
