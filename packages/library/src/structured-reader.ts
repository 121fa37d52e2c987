import { classOf } from "./classes.js";
import { copyOut, copyWords, FEW_WORDS } from "./copy.js";
import { ForeignHandleError } from "./errors.js";
import type { ClusteredKind, Kind } from "./kinds.js";
import { Existing, type SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { type Call, Tag, VIEWS } from "./structured-format.js";
import { dataCloneError } from "./structured-refusal.js";
import { Scratch } from "./structured-scratch.js";
import { BLOCK_HEADER, remember, type Shape, shapeOfBlock } from "./structured-shapes.js";

const ERRORS: Readonly<Record<string, ErrorConstructor>> = {
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

/** What is read where nothing is there; no value is the same. */
const ABSENT = Symbol("absent");
/** So many objects' places are kept for the next value: making them anew takes longer than reading it. */
const FEW_OBJECTS = 64;
const OWN = { writable: true, enumerable: true, configurable: true };
const HIDDEN = { ...OWN, enumerable: false };

/** Reads what a StructuredWriter wrote. */
export class StructuredReader extends Scratch {
  #space: SharedSpace | undefined;
  /** Those that have begun, by number. */
  #objects: (object | undefined)[] = [];
  #count = 0;
  #shapes: Shape[] = [];
  #shapesBegun = 0;
  #later: object[] = [];

  /** Copies the bytes of a value, which begins at a multiple of 8 of these bytes and words, in the place of the one before. */
  load(from: Uint8Array, words: Int32Array, begin: number, length: number): void {
    if (length > this.bytes.length) this.resize(length);
    if (length <= FEW_WORDS * 4) copyWords(words, begin >>> 2, length, this.words, 0);
    else copyOut(from, begin, length, this.bytes);
  }

  /** The same, from bytes of this worker's own. */
  copy(from: Uint8Array): void {
    if (from.length > this.bytes.length) this.resize(from.length);
    this.bytes.set(from);
  }

  /**
   * The value that was loaded.
   *
   * @throws {DOMException} of name `DataCloneError`, if it cannot be made here, as no memory or no stack is left; its cause
   * says why
   */
  read(space: SharedSpace): unknown {
    return this.#read(space, false);
  }

  /** As `read`, what was written by `writeCall`. */
  readCall(space: SharedSpace): Call {
    return this.#read(space, true) as Call;
  }

  #read(space: SharedSpace, isCall: boolean): unknown {
    this.#space = space;
    this.at = 0;
    try {
      const value = isCall ? this.#call() : this.#value();
      // Grows while it is read.
      for (const container of this.#later) this.#fillLater(container);
      return value;
    } catch (cause) {
      throw unreadable(cause);
    } finally {
      // What was received can be collected, and the next message has numbers of its own.
      this.#space = undefined;
      if (this.#objects.length > FEW_OBJECTS) this.#objects = [];
      else for (let i = 0; i < this.#count; i++) this.#objects[i] = undefined;
      this.#count = 0;
      this.#shapesBegun = 0;
      if (this.#later.length > 0) this.#later = [];
      this.shrink();
    }
  }

  #call(): Call {
    const name = this.readString();
    const count = this.readVarint() - 1;
    const args: unknown[] = [];
    for (let i = 0; i < count; i++) args.push(this.#value());
    const context = this.#value();
    if (context === ABSENT) return [name, count < 0 ? undefined : args];
    return [name, count < 0 ? undefined : args, context, this.#value(), this.#value() as boolean];
  }

  #value(): unknown {
    const tag = this.bytes[this.at++]!;
    switch (tag) {
      case Tag.int32:
        return this.view.getInt32(this.advance(4), true);
      case Tag.float64:
        return this.view.getFloat64(this.advance(8), true);
      case Tag.string:
        return this.readString();
      case Tag.undefined:
        return undefined;
      case Tag.null:
        return null;
      case Tag.false:
        return false;
      case Tag.true:
        return true;
      case Tag.shaped: {
        const object = this.#begun({});
        this.#properties(object, this.#block());
        return object;
      }
      case Tag.int64:
        return this.view.getBigInt64(this.advance(8), true);
      case Tag.bigint:
        return this.#bigint();
      case Tag.again:
        return this.#objects[this.readVarint()];
      case Tag.absent:
        return ABSENT;
      default:
        return this.#object(tag);
    }
  }

  #bigint(): bigint {
    const digits = this.readString();
    return digits.startsWith("-") ? -BigInt(`0x${digits.slice(1)}`) : BigInt(`0x${digits}`);
  }

  #object(tag: number): object {
    switch (tag) {
      case Tag.buffer:
        return this.#begun(this.#buffer(this.readVarint()));
      case Tag.resizable:
        return this.#begun(this.#resizable());
      case Tag.view: {
        const view = VIEWS[this.bytes[this.at++]!]!;
        return this.#begun(new view(this.#buffer(this.readVarint())));
      }
      case Tag.viewOfBuffer:
        return this.#viewOfBuffer();
      case Tag.date:
        return this.#begun(new Date(this.view.getFloat64(this.advance(8), true)));
      case Tag.regExp:
        return this.#begun(new RegExp(this.readString(), this.readString()));
      case Tag.boxed:
        return this.#begun(Object(this.#value()) as object);
      case Tag.shared:
        return this.#begun(this.#shared());
      case Tag.later: {
        const container = this.#begun(this.#empty(this.bytes[this.at++]!));
        this.#later.push(container);
        return container;
      }
      default: {
        const container = this.#begun(this.#empty(tag));
        this.#fill(tag, container);
        return container;
      }
    }
  }

  /** An object has its number before what is in it. */
  #begun<O extends object>(object: O): O {
    this.#objects[this.#count++] = object;
    return object;
  }

  #empty(tag: number): object {
    switch (tag) {
      case Tag.array:
      case Tag.sparse:
        return [];
      case Tag.map:
        return new Map();
      case Tag.set:
        return new Set();
      case Tag.error:
        return this.#emptyError();
      default:
        return {};
    }
  }

  #fillLater(container: object): void {
    const tag = this.bytes[this.at++]!;
    if (tag === Tag.error) this.readString();
    this.#fill(tag, container);
  }

  #fill(tag: number, container: object): void {
    switch (tag) {
      case Tag.shaped:
        this.#properties(container, this.#block());
        break;
      case Tag.alike:
        this.#properties(container, this.#shapes[this.readVarint()]!);
        break;
      case Tag.object:
        this.#named(container);
        break;
      case Tag.array:
        this.#array(container as unknown[]);
        break;
      case Tag.sparse:
        (container as unknown[]).length = this.readVarint();
        this.#named(container);
        break;
      case Tag.map:
        this.#map(container as Map<unknown, unknown>);
        break;
      case Tag.set:
        this.#set(container as Set<unknown>);
        break;
      case Tag.error:
        this.#error(container as Error);
        break;
      default:
        throw new TypeError(`Cannot read a value: received the tag ${tag}; expected one of this version`);
    }
  }

  #block(): Shape {
    this.align();
    const at = this.at >>> 2;
    const begin = this.at;
    const words = BLOCK_HEADER + this.words[at + 1]!;
    let shape = shapeOfBlock(this.words, at);
    if (shape === undefined) {
      this.at += BLOCK_HEADER * 4;
      const keys = Array.from({ length: this.readVarint() }, () => this.readString());
      shape = remember(keys, this.words, at);
    }
    this.at = begin + words * 4;
    this.#shapes[this.#shapesBegun++] = shape;
    return shape;
  }

  #properties(object: object, { keys, isAssignable }: Shape): void {
    for (let i = 0; i < keys.length; i++) {
      const value = this.#value();
      if (value === ABSENT) continue;
      if (isAssignable) (object as Record<string, unknown>)[keys[i]!] = value;
      else Object.defineProperty(object, keys[i]!, { value, ...OWN });
    }
  }

  #named(object: object): void {
    const count = this.readVarint();
    for (let i = 0; i < count; i++) {
      const key = this.readString();
      const value = this.#value();
      if (value !== ABSENT) Object.defineProperty(object, key, { value, ...OWN });
    }
  }

  #array(array: unknown[]): void {
    const length = this.readVarint();
    for (let i = 0; i < length; i++) {
      const value = this.#value();
      if (value === ABSENT) array.length++;
      else array.push(value);
    }
  }

  #map(map: Map<unknown, unknown>): void {
    const count = this.readVarint();
    for (let i = 0; i < count; i++) map.set(this.#value(), this.#value());
  }

  #set(set: Set<unknown>): void {
    const count = this.readVarint();
    for (let i = 0; i < count; i++) set.add(this.#value());
  }

  #emptyError(): Error {
    const name = this.readString();
    const error = withoutTrace(() => new (ERRORS[name] ?? Error)());
    if (error.name !== name) Object.defineProperty(error, "name", { value: name, ...HIDDEN });
    return error;
  }

  #error(error: Error): void {
    for (const key of ["message", "stack", "cause"]) {
      const value = this.#value();
      // Made here, it has a stack: not its own.
      if (value !== ABSENT) Object.defineProperty(error, key, { value, ...HIDDEN });
      else if (key === "stack") Object.defineProperty(error, key, { value: undefined, ...HIDDEN });
    }
  }

  #buffer(length: number): ArrayBuffer {
    const begin = this.advance(length);
    const copy = new Uint8Array(length);
    copy.set(this.bytes.subarray(begin, begin + length));
    return copy.buffer;
  }

  #resizable(): ArrayBuffer {
    const maxByteLength = this.readVarint();
    const length = this.readVarint();
    const begin = this.advance(length);
    const make = ArrayBuffer as new (length: number, options: { maxByteLength: number }) => ArrayBuffer;
    const buffer = new make(length, { maxByteLength });
    new Uint8Array(buffer).set(this.bytes.subarray(begin, begin + length));
    return buffer;
  }

  #viewOfBuffer(): object {
    const view = VIEWS[this.bytes[this.at++]!]!;
    const number = this.#count++;
    const shown = new view(this.#value() as ArrayBuffer);
    this.#objects[number] = shown;
    return shown;
  }

  #shared(): SharedObject {
    const kind = this.readString() as Kind | ClusteredKind;
    const at = this.advance(8);
    const address = this.view.getUint32(at, true);
    const identity = this.view.getInt32(at + 4, true);
    const its = classOf(kind);
    if (its) return new its(new Existing(this.#space!, address, identity));
    throw new ForeignHandleError(
      `Cannot receive a ${kind}: received one in a bundle without its class; expected a program that imports the class, or receive`,
    );
  }
}

function unreadable(cause: unknown): Error {
  const error = dataCloneError(
    `Cannot receive: received a message that this worker cannot read, and that is lost (${cause}); expected memory to read it`,
  );
  return Object.defineProperty(error, "cause", { value: cause, ...HIDDEN });
}

/** V8 writes a trace out when its property is defined anew, which takes longer than all else of an error. */
function withoutTrace<Value>(make: () => Value): Value {
  const limit: unknown = Reflect.get(Error, "stackTraceLimit");
  if (typeof limit !== "number") return make();
  Reflect.set(Error, "stackTraceLimit", 0);
  try {
    return make();
  } finally {
    Reflect.set(Error, "stackTraceLimit", limit);
  }
}
