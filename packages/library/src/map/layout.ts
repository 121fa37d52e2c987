/** What of maps the kernel and the library both know. */

// Of the block in which a worker writes what it looks for; kernel/library/map.ts.
export const SCRATCH_BYTES = 1024;

/** Where an answer is, in what is looked for: a node's `inLimbo`. */
export const ANSWER = 8;

// Offsets in a node, and in what is written as one; kernel/library/map-layout.ts.
export const STAMP = 16;
export const KEY_HEADER = 24;
export const VALUE_HEADER = 28;
export const KEY = 32;

/** Forms of keys, 2 bits of the header; the rest is their bytes. */
export const KeyForm = { number: 0, latin1: 1, twoBytes: 2, bytes: 3 } as const;
/** Forms of values, 3 bits of the header. In a cache, numbers are fixed, and errors are what loads have thrown. */
export const ValueForm = {
  number: 0,
  structured: 1,
  bytes: 2,
  fixedNumber: 3,
  error: 4,
  loading: 6,
  placeholder: 7,
} as const;

// Results of `map_find`; kernel/library/map.ts.
export const ABSENT = 0;
export const IS_NUMBER = 1;
export const IS_MADE = 2;

/** Of all calls; kernel/library/objects.ts. */
export const FREED = 7;

// Results of writes; kernel/library/map-write.ts.
export const DONE = 0;
export const OTHERWISE = 1;
export const FULL = 2;

/** Not of the kernel's: nothing was tried. */
export const TOO_LARGE = 3;

export const Condition = { always: 0, ifNothing: 1, ifAbsent: 2, ifNumber: 3, ifStamp: 4, ifVersion: 5 } as const;
export type Condition = (typeof Condition)[keyof typeof Condition];

/** Bytes of the longest value: its header has 29 bits for them. */
export const MOST_BYTES = 2 ** 28;
/** Nodes are counted in units of so many bytes. */
export const UNIT_BYTES = 16;
/** Bytes of the longest key. */
export const MOST_KEY_BYTES = 2 ** 20;

/** Where a value begins behind the key at `at`. */
export function valueAt(at: number, keyBytes: number): number {
  return at + KEY + ((keyBytes + 7) & ~7);
}
