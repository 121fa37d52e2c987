/**
 * Values as bytes, for channels: what structured clone copies, and the objects of a space, which stand for the same
 * ones there. Our own format, because what engines have is not synchronous in browsers and takes a microsecond in Node.
 *
 *     value          | tag: 1 byte | what follows, by tag |
 *     int32, float64 | 4, or 8 bytes |                   date: 8 bytes of milliseconds
 *     int64, bigint  | 8 bytes, or the string of its hexadecimal digits |
 *     string         | 4 * length + form: varint | units, of 1 byte or of 2 |
 *     boxed          | value |
 *     regExp         | string: source | string: flags |
 *     buffer         | bytes: varint | bytes |           resizable: its largest length, a varint, first
 *     view           | its index in VIEWS: 1 byte | bytes: varint | bytes |
 *     viewOfBuffer   | its index in VIEWS: 1 byte | value: the buffer, all of which it shows |
 *     shared         | string: kind | 4 bytes: address | 4 bytes: identity |
 *     again          | number: varint |                  of an object before, from 0 on as they begin
 *     absent         |                                   no element, or no property, is there
 *   containers:
 *     array, set     | count: varint | value each |
 *     sparse         | length: varint | count: varint | string, value each |
 *     map            | count: varint | value, value each |
 *     object         | count: varint | string, value each |
 *     shaped         | padding to 4 bytes | the keys: a block | value each |
 *     alike          | number: varint | value each |     of the block in the message, from 0 on
 *     error          | string: name | value: message, or absent | value: stack, or absent | value: cause, or absent |
 *     later          | the container's tag: 1 byte | an error's name and message |
 *
 * A block is | hash | words that follow | count: varint | string each | padding |, in words: a worker that has read
 * the same one before finds the keys by the hash and compares words, instead of making strings. See
 * structured-shapes.ts.
 *
 * A container MOST_DEPTH deep is written `later`: it is empty at first, and follows after all else, with its tag again.
 * So neither side's recursion is deeper than that, however deep the value is.
 *
 * Multi-byte numbers are little-endian; varints have 7 bits a byte, the last one below 128.
 */
export const Tag = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  int32: 4,
  float64: 5,
  int64: 6,
  bigint: 7,
  string: 8,
  boxed: 9,
  date: 10,
  regExp: 11,
  buffer: 12,
  resizable: 13,
  view: 14,
  viewOfBuffer: 15,
  shared: 16,
  again: 17,
  absent: 18,
  array: 19,
  sparse: 20,
  set: 21,
  map: 22,
  object: 23,
  shaped: 24,
  alike: 25,
  error: 26,
  later: 27,
} as const;

/** Of strings: all units below 2^7, all below 2^8, or units of two bytes. */
export const Form = { ascii: 0, latin1: 1, twoBytes: 2 } as const;

/** Containers within each other that are written in place. Most values have far fewer. */
export const MOST_DEPTH = 64;

interface ViewClass {
  readonly BYTES_PER_ELEMENT?: number;
  new (buffer: ArrayBuffer, offset?: number, length?: number): ArrayBufferView;
}

const NAMES = [
  "Uint8Array",
  "Int8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float16Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
  "DataView",
];

/** By their indices; undefined where this engine has none of the name. */
export const VIEWS = NAMES.map((name) => (globalThis as unknown as Record<string, ViewClass | undefined>)[name]);

/**
 * The index of a view's class, or of the one that it extends; also of another realm's. -1 of one that is newer than
 * this.
 */
export function indexOfView(view: ArrayBufferView): number {
  return NAMES.indexOf(nameOfTypedArray.call(view) ?? "DataView");
}

const nameOfTypedArray = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)!.get as (this: ArrayBufferView) => string | undefined;

/**
 * What a task is called with: its name; its arguments, undefined if they come in another way; the submitter's context and the
 * key, if there are any; whether it is called with each of the arguments alone.
 */
export type Call = readonly [
  name: string,
  args: readonly unknown[] | undefined,
  context?: unknown,
  key?: unknown,
  isEach?: boolean,
];
