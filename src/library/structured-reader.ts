import { copyOut } from "./copy.js";
import { open } from "./open.js";
import type { Kind, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { FIRST_BYTES, Tag, VIEWS } from "./structured-format.js";

const ERRORS: Readonly<Record<string, ErrorConstructor>> = {
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

/** Arguments of one call that engines take for sure. */
const UNITS = 4096;
/** Units of a string that are faster added one by one. */
const FEW_UNITS = 16;

/** Reads what a StructuredWriter wrote. */
export class StructuredReader {
  #bytes = new Uint8Array(FIRST_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #space: SharedSpace | undefined;
  #at = 0;
  #objects: object[] = [];

  /** Copies the bytes of a value, in the place of the one before. */
  load(from: Uint8Array, begin: number, length: number): void {
    if (length > this.#bytes.length) {
      this.#bytes = new Uint8Array(2 ** Math.ceil(Math.log2(length)));
      this.#view = new DataView(this.#bytes.buffer);
    }
    copyOut(from, begin, length, this.#bytes);
  }

  /** The value that was loaded. */
  read(space: SharedSpace): unknown {
    this.#space = space;
    this.#at = 0;
    const value = this.#value();
    if (this.#objects.length > 0) this.#objects = [];
    return value;
  }

  #advance(bytes: number): number {
    const at = this.#at;
    this.#at += bytes;
    return at;
  }

  #varint(): number {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = this.#bytes[this.#at++]!;
      if (byte < 128) return value + byte * unit;
      value += (byte - 128) * unit;
    }
  }

  #value(): unknown {
    const tag = this.#bytes[this.#at++]!;
    switch (tag) {
      case Tag.int32:
        return this.#view.getInt32(this.#advance(4), true);
      case Tag.float64:
        return this.#view.getFloat64(this.#advance(8), true);
      case Tag.string:
        return this.#string();
      case Tag.undefined:
        return undefined;
      case Tag.null:
        return null;
      case Tag.false:
        return false;
      case Tag.true:
        return true;
      case Tag.bigint:
        return BigInt(this.#string());
      case Tag.again:
        return this.#objects[this.#varint()];
      default:
        return this.#object(tag);
    }
  }

  #object(tag: number): object {
    switch (tag) {
      case Tag.array:
        return this.#array();
      case Tag.object:
        return this.#properties();
      case Tag.map:
        return this.#map();
      case Tag.set:
        return this.#set();
      case Tag.buffer:
        return this.#begun(this.#buffer());
      case Tag.view: {
        const view = VIEWS[this.#bytes[this.#at++]!]!;
        const buffer = this.#buffer();
        return this.#begun(new view(buffer, 0, buffer.byteLength / (view.BYTES_PER_ELEMENT ?? 1)));
      }
      case Tag.date:
        return this.#begun(new Date(this.#value() as number));
      case Tag.regExp:
        return this.#begun(new RegExp(this.#string(), this.#string()));
      case Tag.error:
        return this.#error();
      default:
        return this.#begun(this.#shared());
    }
  }

  /** An object has its number before what is in it. */
  #begun<O extends object>(object: O): O {
    this.#objects.push(object);
    return object;
  }

  #string(): string {
    const header = this.#varint();
    const length = Math.floor(header / 2);
    if (header % 2 === 1) return this.#wideString(length);
    const begin = this.#advance(length);
    if (length > FEW_UNITS) return joined(this.#bytes.subarray(begin, begin + length));
    let text = "";
    for (let at = begin; at < begin + length; at++) text += String.fromCharCode(this.#bytes[at]!);
    return text;
  }

  #wideString(length: number): string {
    const begin = this.#advance(length * 2);
    return joined(Uint16Array.from({ length }, (_, i) => this.#view.getUint16(begin + 2 * i, true)));
  }

  #array(): unknown[] {
    const length = this.#varint();
    const array: unknown[] = this.#begun([]);
    for (let i = 0; i < length; i++) array.push(this.#value());
    return array;
  }

  #properties(): object {
    const count = this.#varint();
    const object: Record<string, unknown> = this.#begun({});
    for (let i = 0; i < count; i++) {
      const key = this.#string();
      const value = this.#value();
      // Assigned, it would be the prototype.
      if (key === "__proto__") Object.defineProperty(object, key, { value, ...OWN });
      else object[key] = value;
    }
    return object;
  }

  #map(): Map<unknown, unknown> {
    const count = this.#varint();
    const map = this.#begun(new Map());
    for (let i = 0; i < count; i++) map.set(this.#value(), this.#value());
    return map;
  }

  #set(): Set<unknown> {
    const count = this.#varint();
    const set = this.#begun(new Set());
    for (let i = 0; i < count; i++) set.add(this.#value());
    return set;
  }

  #buffer(): ArrayBuffer {
    const length = this.#varint();
    const begin = this.#advance(length);
    const copy = new Uint8Array(length);
    copy.set(this.#bytes.subarray(begin, begin + length));
    return copy.buffer;
  }

  #error(): Error {
    const name = this.#string();
    const error = this.#begun(new (ERRORS[name] ?? Error)(this.#string()));
    if (error.name !== name) Object.defineProperty(error, "name", { value: name, ...OWN, enumerable: false });
    const stack = this.#value();
    const cause = this.#value();
    Object.defineProperty(error, "stack", { value: stack, ...OWN, enumerable: false });
    if (cause !== undefined) Object.defineProperty(error, "cause", { value: cause, ...OWN, enumerable: false });
    return error;
  }

  #shared(): SharedObject {
    const landspout = this.#string() as Kind;
    const at = this.#advance(8);
    const address = this.#view.getUint32(at, true);
    const identity = this.#view.getInt32(at + 4, true);
    const space = this.#space!;
    return open(space, { landspout, memory: space.memory, address, identity });
  }
}

const OWN = { writable: true, enumerable: true, configurable: true };

function joined(units: Uint8Array | Uint16Array): string {
  let text = "";
  for (let i = 0; i < units.length; i += UNITS) {
    text += String.fromCharCode.apply(null, units.subarray(i, i + UNITS) as unknown as number[]);
  }
  return text;
}
