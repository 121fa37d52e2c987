/** Keys of maps as bytes: kernel/library/map-key.ts says which. */
import { described } from "../arguments.js";
import { isBytes, lengthOf } from "../views.js";
import { KEY, KEY_HEADER, KeyForm, MOST_KEY_BYTES } from "./layout.js";

export type MapKey = string | number | Uint8Array;

/** The same memory, as it is written. */
export interface Views {
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
  readonly floats: Float64Array;
}

/** Finds units of two bytes. */
const WIDE = /[\u0100-\uffff]/;

/** Bytes of a key. @throws {TypeError} if it is none @throws {RangeError} if it has too many */
export function keyBytes(key: MapKey, what: string): number {
  if (typeof key === "number") return 8;
  const bytes = typeof key === "string" ? (WIDE.test(key) ? 2 * key.length : key.length) : bytesOf(key, what);
  if (bytes > MOST_KEY_BYTES) {
    throw new RangeError(`Cannot ${what}: received a key of ${bytes} bytes; expected at most ${MOST_KEY_BYTES}`);
  }
  return bytes;
}

/** The same key, which its caller cannot change meanwhile. */
export function ownKey(key: MapKey): MapKey {
  return isBytes(key) ? new Uint8Array(key) : key;
}

function bytesOf(key: unknown, what: string): number {
  if (isBytes(key)) return lengthOf(key);
  throw new TypeError(
    `Cannot ${what}: received the key ${described(key)}; expected a string, a number or a Uint8Array`,
  );
}

/** Units of strings that are written at once, without a look at their length in bytes. */
const FEW_UNITS = 256;

/**
 * Writes a key of at most FEW_UNITS units, and its header, at an address where there is room for them.
 *
 * @returns its bytes; -1 if it is another key
 */
export function writeShortKey({ words, bytes, floats }: Views, at: number, key: MapKey): number {
  if (typeof key === "number") {
    words[(at + KEY_HEADER) >>> 2] = 8 << 2;
    floats[(at + KEY) >>> 3] = key;
    return 8;
  }
  if (typeof key !== "string") return -1;
  const { length } = key;
  if (length > FEW_UNITS) return -1;
  let units = 0;
  for (let i = 0, to = at + KEY; i < length; i++) {
    const unit = key.charCodeAt(i);
    units |= unit;
    bytes[to + i] = unit;
  }
  if (units > 0xff) return -1;
  words[(at + KEY_HEADER) >>> 2] = (length << 2) | KeyForm.latin1;
  return length;
}

/** Writes a key, and its header, where there is room for them. */
export function writeKey(views: Views, at: number, key: MapKey): void {
  if (writeShortKey(views, at, key) >= 0) return;
  const { words, bytes } = views;
  const to = at + KEY;
  let form: number;
  let length: number;
  if (typeof key === "string") {
    const isWide = WIDE.test(key);
    form = isWide ? KeyForm.twoBytes : KeyForm.latin1;
    length = isWide ? 2 * key.length : key.length;
    for (let i = 0; i < key.length; i++) {
      const unit = key.charCodeAt(i);
      if (isWide) {
        bytes[to + 2 * i] = unit;
        bytes[to + 2 * i + 1] = unit >>> 8;
      } else bytes[to + i] = unit;
    }
  } else {
    form = KeyForm.bytes;
    length = lengthOf(key as Uint8Array);
    bytes.set(key as Uint8Array, to);
  }
  words[(at + KEY_HEADER) >>> 2] = (length << 2) | form;
}

/** The key of a node. */
export function readKey({ words, bytes, floats }: Views, node: number): MapKey {
  const header = words[(node + KEY_HEADER) >>> 2]! >>> 0;
  const begin = node + KEY;
  const length = header >>> 2;
  switch (header & 3) {
    case KeyForm.number:
      return floats[begin >>> 3]!;
    case KeyForm.bytes:
      return bytes.slice(begin, begin + length);
    case KeyForm.latin1:
      return joined(bytes.slice(begin, begin + length));
    default:
      return joined(new Uint16Array(bytes.slice(begin, begin + length).buffer));
  }
}

/** Arguments of one call that engines take for sure. */
const UNITS = 4096;

function joined(units: Uint8Array | Uint16Array): string {
  let text = "";
  for (let i = 0; i < units.length; i += UNITS) {
    text += String.fromCharCode.apply(null, units.subarray(i, i + UNITS) as unknown as number[]);
  }
  return text;
}
