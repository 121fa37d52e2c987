/**
 * Values that this worker has decoded, by the nodes that they were in: as long as a node is the same, so is its value. They
 * are frozen, as all who get one get the same one.
 */

/** Values that are kept, 2^12; a value whose place another takes is decoded again. */
const PLACE_BITS = 12;
const PLACES = 2 ** PLACE_BITS;
/** Bytes of a value that is kept: all of them are at most 4 MiB. */
const MOST_BYTES = 1024;

const isExtensible = Object.isExtensible;

export class DecodedValues {
  /** In each place: node, and the two words of its stamp. */
  readonly #keys = new Int32Array(PLACES * 3);
  readonly #values: unknown[] = new Array(PLACES).fill(undefined);

  /** The place of a node's value, if it is here; else -1. */
  find(node: number, low: number, high: number): number {
    const place = placeOf(node);
    const at = place * 3;
    const keys = this.#keys;
    return keys[at] === (node | 0) && keys[at + 1] === low && keys[at + 2] === high ? place : -1;
  }

  at(place: number): unknown {
    return this.#values[place];
  }

  /** Keeps a value, which is frozen for that, if all of it can be. */
  keep(node: number, low: number, high: number, bytes: number, value: unknown): void {
    if (bytes > MOST_BYTES || !canFreeze(value, 0)) return;
    freeze(value);
    const place = placeOf(node);
    this.#keys.set([node, low, high], place * 3);
    this.#values[place] = value;
  }

  /** So that they can be collected. */
  forget(): void {
    this.#keys.fill(0);
    this.#values.fill(undefined);
  }
}

/** Neighbours in memory are no neighbours here: blocks of one size would meet in few places (Knuth's multiplicative hash). */
function placeOf(node: number): number {
  return Math.imul(node >>> 4, 0x9e3779b1) >>> (32 - PLACE_BITS);
}

/** Containers within each other that are looked through. */
const MOST_DEPTH = 32;

/** Whether it is of plain objects, arrays and primitives alone: what else there is changes although it is frozen. */
function canFreeze(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depth === MOST_DEPTH) return false;
  if (Array.isArray(value)) return value.every((part) => canFreeze(part, depth + 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const key in value) if (!canFreeze(value[key as keyof typeof value], depth + 1)) return false;
  return true;
}

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null || !isExtensible(value)) return;
  Object.freeze(value);
  for (const key in value) freeze(value[key as keyof typeof value]);
}
