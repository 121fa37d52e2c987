/**
 * Bytes of this worker's own in which values are written and read, and what both sides know of them: room, numbers, strings.
 * Not shared: engines encode and decode strings in memory of their own only, and a copy is faster than units one by one.
 */
import { Form } from "./structured-format.js";

/** Bytes at first; they are doubled when they do not suffice. */
const FIRST_BYTES = 256;
/** Bytes of the largest scratch that is used again. */
const MOST_KEPT = 2 ** 20;
/** Units of a string that are faster written one by one; also those whose header is one byte. */
const FEW_WRITTEN = 31;
/** Units of a string that are faster read a few at a time. */
const FEW_READ = 15;
/** Finds units of two bytes; engines know at once that a string of theirs that has one byte for each has none. */
const WIDE = /[\u0100-\uffff]/;
/** Arguments of one call that engines take for sure. */
const UNITS = 4096;

/** Node's, and of those who have it, too; elsewhere undefined. */
const NodeBuffer = (globalThis as { Buffer?: typeof Buffer }).Buffer;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Refuses halves of characters, which strings can have: it would replace them. */
const wideDecoder = new TextDecoder("utf-16le", { fatal: true, ignoreBOM: true });

export class Scratch {
  bytes!: Uint8Array<ArrayBuffer>;
  /** The same bytes. */
  view!: DataView;
  words!: Int32Array;
  #buffer: Buffer | undefined;
  /** Where the next byte is written or read. */
  at = 0;

  constructor() {
    this.resize(FIRST_BYTES);
  }

  /** Bytes anew, so many at least; what was in them is lost. */
  resize(bytes: number): void {
    const buffer = new ArrayBuffer(2 ** Math.ceil(Math.log2(bytes)));
    this.bytes = new Uint8Array(buffer);
    this.view = new DataView(buffer);
    this.words = new Int32Array(buffer);
    this.#buffer = NodeBuffer?.from(buffer);
  }

  /** Gives back what an unusually long message has taken. */
  shrink(): void {
    if (this.bytes.length > MOST_KEPT) this.resize(FIRST_BYTES);
  }

  /** Makes room; what is written stays. */
  reserve(bytes: number): void {
    if (this.at + bytes > this.bytes.length) this.grow(this.at + bytes);
  }

  protected grow(bytes: number): void {
    const { bytes: before } = this;
    this.resize(bytes);
    this.bytes.set(before);
  }

  /** Where `bytes` bytes are to be read. */
  advance(bytes: number): number {
    const { at } = this;
    this.at = at + bytes;
    return at;
  }

  /** To a multiple of 4. */
  align(): void {
    this.at = (this.at + 3) & ~3;
  }

  writeByte(byte: number): void {
    this.reserve(1);
    this.bytes[this.at++] = byte;
  }

  writeVarint(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.writeByte((rest % 128) + 128);
    this.writeByte(rest);
  }

  readVarint(): number {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = this.bytes[this.at++]!;
      if (byte < 128) return value + byte * unit;
      value += (byte - 128) * unit;
    }
  }

  writeBytes(from: Uint8Array): void {
    this.reserve(from.length);
    this.bytes.set(from, this.at);
    this.at += from.length;
  }

  writeString(text: string): void {
    const { length } = text;
    if (length > FEW_WRITTEN) {
      this.#writeLong(text);
      return;
    }
    this.reserve(1 + length);
    const { bytes, at } = this;
    let units = 0;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      units |= unit;
      bytes[at + 1 + i] = unit;
    }
    if (units > 0xff) {
      this.#writeTwoBytes(text);
      return;
    }
    bytes[at] = length * 4 + Form.latin1;
    this.at = at + 1 + length;
  }

  #writeLong(text: string): void {
    const { length } = text;
    if (WIDE.test(text)) {
      this.#writeTwoBytes(text);
      return;
    }
    const begin = this.at;
    const form = this.#buffer ? Form.latin1 : Form.ascii;
    this.writeVarint(length * 4 + form);
    this.reserve(length);
    const at = this.advance(length);
    if (this.#buffer) {
      this.#buffer.write(text, at, length, "latin1");
      return;
    }
    const { read, written } = encoder.encodeInto(text, this.bytes.subarray(at));
    // All was read, and no unit became several bytes: it is ASCII.
    if (read === length && written === length) return;
    this.at = begin;
    this.writeVarint(length * 4 + Form.latin1);
    for (let i = 0; i < length; i++) this.bytes[at + i] = text.charCodeAt(i);
    this.at = at + length;
  }

  #writeTwoBytes(text: string): void {
    const { length } = text;
    this.writeVarint(length * 4 + Form.twoBytes);
    this.reserve(2 * length);
    const begin = this.advance(2 * length);
    if (this.#buffer && length > FEW_WRITTEN) this.#buffer.write(text, begin, 2 * length, "utf16le");
    else for (let i = 0; i < length; i++) this.view.setUint16(begin + 2 * i, text.charCodeAt(i), true);
  }

  readString(): string {
    const header = this.readVarint();
    const length = Math.floor(header / 4);
    const form = header % 4;
    if (form === Form.twoBytes) return this.#readTwoBytes(length);
    const begin = this.advance(length);
    if (length <= FEW_READ) return few(this.bytes, begin, length);
    if (this.#buffer) return this.#buffer.toString("latin1", begin, begin + length);
    const units = this.bytes.subarray(begin, begin + length);
    return form === Form.ascii ? decoder.decode(units) : joined(units);
  }

  #readTwoBytes(length: number): string {
    const begin = this.advance(2 * length);
    if (this.#buffer) return this.#buffer.toString("utf16le", begin, begin + 2 * length);
    const units = this.bytes.slice(begin, begin + 2 * length);
    try {
      return wideDecoder.decode(units);
    } catch {
      return joined(new Uint16Array(units.buffer));
    }
  }
}

/** A string of 15 units at most: one call for up to 8 of them, as adding one by one makes a string each time. */
function few(bytes: Uint8Array, at: number, length: number): string {
  const of = String.fromCharCode;
  const a = bytes[at]!;
  if (length === 1) return of(a);
  const b = bytes[at + 1]!;
  if (length === 2) return of(a, b);
  const c = bytes[at + 2]!;
  if (length === 3) return of(a, b, c);
  const d = bytes[at + 3]!;
  if (length === 4) return of(a, b, c, d);
  if (length === 0) return "";
  const e = bytes[at + 4]!;
  if (length === 5) return of(a, b, c, d, e);
  const f = bytes[at + 5]!;
  if (length === 6) return of(a, b, c, d, e, f);
  const g = bytes[at + 6]!;
  if (length === 7) return of(a, b, c, d, e, f, g);
  const first = of(a, b, c, d, e, f, g, bytes[at + 7]!);
  return length === 8 ? first : first + few(bytes, at + 8, length - 8);
}

function joined(units: Uint8Array | Uint16Array): string {
  let text = "";
  for (let i = 0; i < units.length; i += UNITS) {
    text += String.fromCharCode.apply(null, units.subarray(i, i + UNITS) as unknown as number[]);
  }
  return text;
}
