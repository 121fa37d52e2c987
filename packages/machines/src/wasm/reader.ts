/**
 * Reads the values of WebAssembly's binary format one after the other. Numbers of variable length (LEB128) are read as
 * the format allows them, padded ones included.
 */
export class Reader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  position: number;
  /** The position after the last byte that may be read. */
  readonly end: number;

  constructor(bytes: Uint8Array, position = 0, end = bytes.length) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.position = position;
    this.end = end;
  }

  /** Moves on by so many bytes; the position before. */
  skip(count: number): number {
    const before = this.position;
    if (count > this.end - before) throw new RangeError(`Cannot read ${count} bytes at ${before}: expected an end`);
    this.position += count;
    return before;
  }

  byte(): number {
    return this.bytes[this.skip(1)]!;
  }

  take(count: number): Uint8Array {
    const begin = this.skip(count);
    return this.bytes.subarray(begin, begin + count);
  }

  /** An unsigned number of at most 32 bits. */
  unsigned(): number {
    let number = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = this.byte();
      number += (byte & 0x7f) * unit;
      if (byte < 0x80) return number;
    }
  }

  /** A signed number of at most 64 bits. */
  signed(): bigint {
    let number = 0n;
    for (let shift = 0n; ; ) {
      const byte = this.byte();
      number |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
      if (byte < 0x80) return BigInt.asIntN(Number(shift), number);
    }
  }

  /** The bits of the next 4 bytes. */
  bits32(): bigint {
    return BigInt(this.#view.getUint32(this.skip(4), true));
  }

  bits64(): bigint {
    return this.#view.getBigUint64(this.skip(8), true);
  }

  name(): string {
    return UTF8.decode(this.take(this.unsigned()));
  }

  /** What `read` reads, as often as the number before says. */
  vector<T>(read: () => T): T[] {
    const items: T[] = [];
    for (let count = this.unsigned(); count > 0; count--) items.push(read());
    return items;
  }
}

/** A name that begins with U+FEFF keeps it. */
const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });
