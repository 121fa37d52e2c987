import { ForeignHandleError } from "./errors.js";
import { SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { FIRST_BYTES, Tag, VIEWS } from "./structured-format.js";

/** Writes one value after the other, each in the place of the one before. */
export class StructuredWriter {
  /** The value, from the beginning. */
  bytes = new Uint8Array(FIRST_BYTES);
  length = 0;
  #view = new DataView(this.bytes.buffer);
  #space: SharedSpace | undefined;
  /** Most values have no second object, and need no map. */
  #first: object | undefined;
  #numbers: Map<object, number> | undefined;

  /**
   * @throws {DOMException} of name `DataCloneError`, if there is something in it that cannot be copied
   * @throws {ForeignHandleError} if there is an object of another space in it
   */
  write(value: unknown, space: SharedSpace): void {
    this.length = 0;
    this.#space = space;
    this.#first = undefined;
    this.#numbers = undefined;
    this.#value(value);
  }

  /** Makes room; returns where. */
  #advance(bytes: number): number {
    const at = this.length;
    this.length += bytes;
    if (this.length > this.bytes.length) {
      const { bytes: before } = this;
      this.bytes = new Uint8Array(2 ** Math.ceil(Math.log2(this.length)));
      this.bytes.set(before);
      this.#view = new DataView(this.bytes.buffer);
    }
    return at;
  }

  #byte(byte: number): void {
    const at = this.#advance(1);
    this.bytes[at] = byte;
  }

  #varint(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#byte((rest % 128) + 128);
    this.#byte(rest);
  }

  #value(value: unknown): void {
    if (typeof value === "number") this.#number(value);
    else if (typeof value === "string") {
      this.#byte(Tag.string);
      this.#string(value);
    } else if (typeof value === "object" && value !== null) this.#object(value);
    else if (typeof value === "bigint") {
      this.#byte(Tag.bigint);
      this.#string(String(value));
    } else if (value === undefined) this.#byte(Tag.undefined);
    else if (value === null) this.#byte(Tag.null);
    else if (typeof value === "boolean") this.#byte(value ? Tag.true : Tag.false);
    else throw notCloneable(typeof value);
  }

  #number(value: number): void {
    if (Object.is(value | 0, value)) {
      const at = this.#advance(5);
      this.bytes[at] = Tag.int32;
      this.#view.setInt32(at + 1, value, true);
    } else {
      const at = this.#advance(9);
      this.bytes[at] = Tag.float64;
      this.#view.setFloat64(at + 1, value, true);
    }
  }

  #string(text: string): void {
    const { length } = text;
    const begin = this.length;
    this.#varint(length * 2);
    const at = this.#advance(length);
    const { bytes } = this;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0xff) {
        this.length = begin;
        this.#wideString(text);
        return;
      }
      bytes[at + i] = unit;
    }
  }

  #wideString(text: string): void {
    const { length } = text;
    this.#varint(length * 2 + 1);
    const at = this.#advance(length * 2);
    for (let i = 0; i < length; i++) this.#view.setUint16(at + 2 * i, text.charCodeAt(i), true);
  }

  #object(object: object): void {
    if (this.#isAgain(object)) return;
    const prototype = Object.getPrototypeOf(object);
    if (prototype === Object.prototype) this.#properties(object);
    else if (Array.isArray(object)) {
      this.#byte(Tag.array);
      this.#varint(object.length);
      for (let i = 0; i < object.length; i++) this.#value(object[i]);
    } else if (object instanceof SharedObject) this.#shared(object);
    else if (object instanceof Map) {
      this.#byte(Tag.map);
      this.#varint(object.size);
      for (const [key, value] of [...object]) {
        this.#value(key);
        this.#value(value);
      }
    } else if (object instanceof Set) {
      this.#byte(Tag.set);
      this.#varint(object.size);
      for (const element of [...object]) this.#value(element);
    } else if (ArrayBuffer.isView(object)) {
      this.#byte(Tag.view);
      this.#byte(VIEWS.findIndex((view) => object instanceof view));
      this.#buffer(new Uint8Array(object.buffer, object.byteOffset, object.byteLength));
    } else if (object instanceof ArrayBuffer) {
      this.#byte(Tag.buffer);
      this.#buffer(new Uint8Array(object));
    } else if (object instanceof Date) {
      this.#byte(Tag.date);
      this.#number(object.getTime());
    } else if (object instanceof RegExp) {
      this.#byte(Tag.regExp);
      this.#string(object.source);
      this.#string(object.flags);
    } else if (object instanceof Error) {
      this.#byte(Tag.error);
      this.#string(String(object.name));
      this.#string(String(object.message));
      this.#value(object.stack);
      this.#value(object.cause);
    } else {
      const kind = Object.prototype.toString.call(object);
      if (kind !== "[object Object]") throw notCloneable(kind);
      this.#properties(object);
    }
  }

  /** Writes the number of an object that was there before; else it has one from now on. */
  #isAgain(object: object): boolean {
    if (this.#first === undefined) {
      this.#first = object;
      return false;
    }
    this.#numbers ??= new Map([[this.#first, 0]]);
    const number = this.#numbers.get(object);
    if (number === undefined) {
      this.#numbers.set(object, this.#numbers.size);
      return false;
    }
    this.#byte(Tag.again);
    this.#varint(number);
    return true;
  }

  #properties(object: object): void {
    const keys = Object.keys(object);
    this.#byte(Tag.object);
    this.#varint(keys.length);
    for (const key of keys) {
      this.#string(key);
      this.#value(object[key as keyof typeof object]);
    }
  }

  #buffer(bytes: Uint8Array): void {
    this.#varint(bytes.length);
    const at = this.#advance(bytes.length);
    this.bytes.set(bytes, at);
  }

  #shared(object: SharedObject): void {
    if (object.space !== this.#space) {
      throw new ForeignHandleError(
        `Cannot send a ${object.handle.landspout}: received one of another space; expected one of the Channel's`,
      );
    }
    const { landspout, address, identity } = object.handle;
    this.#byte(Tag.shared);
    this.#string(landspout);
    const at = this.#advance(8);
    this.#view.setUint32(at, address, true);
    this.#view.setInt32(at + 4, identity, true);
  }
}

function notCloneable(kind: string): DOMException {
  return new DOMException(`Cannot send: received a ${kind}; expected what structured clone copies`, "DataCloneError");
}
