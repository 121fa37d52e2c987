/**
 * Values as bytes, for channels. What structured clone copies: undefined, null, booleans, numbers, bigints, strings, dates,
 * regular expressions, arrays, objects, maps, sets, array buffers and views of them, errors; an object that occurs twice,
 * also in itself, is one object again. And objects of a space, which stand for the same ones there.
 *
 *     value         | tag: 1 byte | what follows, by tag |
 *     number        | 4 or 8 bytes |
 *     string        | 2 * length, + 1 if of two-byte units: varint | units |
 *     array, set    | count: varint | value each |
 *     map           | count: varint | value, value each |
 *     object        | count: varint | string, value each |
 *     buffer        | bytes: varint | bytes |          a view: its index in VIEWS first
 *     error         | string: name | string: message | value: stack | value: cause |
 *     again         | number: varint |                 of an object before, from 0 on as they begin
 *     shared        | string: kind | 4 bytes: address | 4 bytes: identity |
 *
 * Multi-byte numbers are little-endian; varints have 7 bits a byte, the last one below 128. Our own, because what engines
 * have is not synchronous in browsers and takes a microsecond in Node.
 */
export const Tag = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  int32: 4,
  float64: 5,
  bigint: 6,
  string: 7,
  date: 8,
  regExp: 9,
  array: 10,
  object: 11,
  map: 12,
  set: 13,
  buffer: 14,
  view: 15,
  error: 16,
  again: 17,
  shared: 18,
} as const;

interface ViewClass {
  readonly BYTES_PER_ELEMENT?: number;
  new (buffer: ArrayBuffer, offset: number, length: number): ArrayBufferView;
}

export const VIEWS: readonly ViewClass[] = [
  Uint8Array,
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
];

/** Bytes for a value at first; they are doubled when they do not suffice. */
export const FIRST_BYTES = 256;
