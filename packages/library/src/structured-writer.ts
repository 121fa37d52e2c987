import { ForeignHandleError } from "./errors.js";
import { SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { type Call, indexOfView, MOST_DEPTH, Tag, VIEWS } from "./structured-format.js";
import { type ContainerTag, kindOf, tagOf, unboxed } from "./structured-kinds.js";
import { MESSAGE, member, type Purpose, Refusal, within } from "./structured-refusal.js";
import { Scratch } from "./structured-scratch.js";
import { BLOCK_HEADER, copyBlock, MOST_KEYS, remember, type Shape, seal, shapeOf } from "./structured-shapes.js";

/** Objects of a value that are faster looked for one by one. */
const FEW_OBJECTS = 16;
/** Bytes that may be reserved, and not be needed. */
const SLACK = 16;

/** A container that is written after all else. */
interface Later {
  readonly tag: ContainerTag;
  readonly object: object;
}

/** Of all writers: what is sent may send while it is written. */
let messages = 0;

/** Writes one value after the other, each in the place of the one before: from the beginning of `bytes` to `at`. */
export class StructuredWriter extends Scratch {
  #space: SharedSpace | undefined;
  #limit = 0;
  #purpose = MESSAGE;
  /** Containers that the present one is in. */
  #depth = 0;
  /** The first objects, by number; all are in `#numbers` when they are more. */
  readonly #objects: (object | undefined)[] = new Array(FEW_OBJECTS).fill(undefined);
  #count = 0;
  #numbers: Map<object, number> | undefined;
  #message = 0;
  #shapes = 0;
  #later: Later[] | undefined;

  /** As `write`, what a function is called with: without what arrays need that may be sparse. */
  writeCall(call: Call, space: SharedSpace, limit: number, purpose: Purpose): void {
    this.write(call, space, limit, purpose, true);
  }

  /**
   * Getters are called, as structured clone calls them, and what they throw is thrown.
   *
   * @throws {DOMException} of name `DataCloneError`, if there is something in it that cannot be copied
   * @throws {ForeignHandleError} if there is an object of another space in it
   * @throws {RangeError} if it takes more than `limit` bytes
   */
  write(value: unknown, space: SharedSpace, limit: number, purpose = MESSAGE, isCall = false): void {
    this.at = 0;
    this.#purpose = purpose;
    this.#space = space;
    this.#limit = limit;
    this.#depth = 0;
    this.#message = ++messages;
    this.#shapes = 0;
    try {
      if (isCall) this.#call(value as Call);
      else this.#value(value);
      if (this.#later) this.#writeLater(this.#later);
    } catch (error) {
      throw error instanceof Refusal ? error.toError(purpose) : error;
    } finally {
      // What was sent can be collected.
      this.#space = undefined;
      for (let i = 0; i < this.#count; i++) this.#objects[i] = undefined;
      this.#count = 0;
      this.#numbers = undefined;
      this.#later = undefined;
    }
    if (this.at > limit) throw tooLong(this.at, limit, purpose);
  }

  #call([name, args, context, key, isEach]: Call): void {
    this.writeString(name);
    const { length } = args ?? [];
    // One more: 0 says that the arguments are elsewhere.
    this.writeVarint(args ? length + 1 : 0);
    let i = 0;
    try {
      for (; i < length; i++) this.#value(args![i]);
    } catch (error) {
      throw within(error, `[1][${i}]`);
    }
    if (context === undefined && key === undefined && !isEach) {
      this.writeByte(Tag.absent);
      return;
    }
    try {
      this.#value(context);
    } catch (error) {
      throw within(error, "[2]");
    }
    this.#value(key);
    this.writeByte(isEach ? Tag.true : Tag.false);
  }

  #writeLater(later: readonly Later[]): void {
    try {
      // Grows while it is written.
      for (const { tag, object } of later) this.#contents(tag, object);
    } catch (error) {
      throw error instanceof Refusal ? error.deep() : error;
    }
  }

  /** A copy of what was written. */
  written(): Uint8Array {
    return this.bytes.slice(0, this.at);
  }

  protected override grow(bytes: number): void {
    if (bytes > this.#limit + SLACK) throw tooLong(bytes, this.#limit, this.#purpose);
    super.grow(bytes);
  }

  #value(value: unknown): void {
    switch (typeof value) {
      case "number":
        this.#number(value);
        break;
      case "string":
        this.writeByte(Tag.string);
        this.writeString(value);
        break;
      case "object":
        if (value === null) this.writeByte(Tag.null);
        else this.#object(value);
        break;
      case "boolean":
        this.writeByte(value ? Tag.true : Tag.false);
        break;
      case "undefined":
        this.writeByte(Tag.undefined);
        break;
      case "bigint":
        this.#bigint(value);
        break;
      default:
        throw new Refusal(`a ${typeof value}`);
    }
  }

  #number(value: number): void {
    this.reserve(9);
    const { at } = this;
    if (Object.is(value | 0, value)) {
      this.bytes[at] = Tag.int32;
      this.view.setInt32(at + 1, value, true);
      this.at = at + 5;
    } else {
      this.bytes[at] = Tag.float64;
      this.view.setFloat64(at + 1, value, true);
      this.at = at + 9;
    }
  }

  #bigint(value: bigint): void {
    if (BigInt.asIntN(64, value) === value) {
      this.writeByte(Tag.int64);
      this.reserve(8);
      this.view.setBigInt64(this.advance(8), value, true);
    } else {
      this.writeByte(Tag.bigint);
      this.writeString(value.toString(16));
    }
  }

  #object(object: object): void {
    if (this.#isAgain(object)) return;
    const tag = tagOf(object);
    switch (tag) {
      case Tag.object:
        if (SharedObject.isOne(object)) this.#shared(object);
        else if (this.#depth < MOST_DEPTH) {
          this.#depth++;
          this.#properties(object);
          this.#depth--;
        } else this.#container(tag, object);
        break;
      case Tag.view:
        this.#view(object as ArrayBufferView);
        break;
      case Tag.buffer:
        this.#buffer(object as ArrayBuffer);
        break;
      case Tag.date:
        this.writeByte(tag);
        this.reserve(8);
        this.view.setFloat64(this.advance(8), Date.prototype.getTime.call(object), true);
        break;
      case Tag.regExp:
        this.writeByte(tag);
        this.writeString((object as RegExp).source);
        this.writeString((object as RegExp).flags);
        break;
      case Tag.boxed:
        this.writeByte(tag);
        this.#value(unboxed(object));
        break;
      case undefined:
        throw refusal(kindOf(object));
      default:
        this.#container(tag, object);
    }
  }

  /** Writes the number of an object that was there before; else it has one from now on. */
  #isAgain(object: object): boolean {
    const objects = this.#objects;
    let number: number | undefined;
    if (this.#numbers === undefined) {
      const count = this.#count;
      for (let i = 0; i < count; i++) if (objects[i] === object) number = i;
      if (number === undefined) {
        if (count < FEW_OBJECTS) {
          objects[this.#count++] = object;
          return false;
        }
        this.#numbers = new Map(objects.map((each, i) => [each!, i]));
      }
    } else number = this.#numbers.get(object);
    if (number === undefined) {
      this.#numbers!.set(object, this.#numbers!.size);
      return false;
    }
    this.writeByte(Tag.again);
    this.writeVarint(number);
    return true;
  }

  #container(tag: ContainerTag, object: object): void {
    if (this.#depth < MOST_DEPTH) {
      this.#depth++;
      this.#contents(tag, object);
      this.#depth--;
      return;
    }
    this.writeByte(Tag.later);
    this.writeByte(tag);
    if (tag === Tag.error) this.writeString(String((object as Error).name));
    this.#later ??= [];
    this.#later.push({ tag, object });
  }

  #contents(tag: ContainerTag, object: object): void {
    switch (tag) {
      case Tag.object:
        this.#properties(object);
        break;
      case Tag.array:
        this.#array(object as unknown[]);
        break;
      case Tag.map:
        this.#map(object as Map<unknown, unknown>);
        break;
      case Tag.set:
        this.#set(object as Set<unknown>);
        break;
      case Tag.error:
        this.#error(object as Error);
    }
  }

  #properties(object: object): void {
    const keys = Object.keys(object);
    if (keys.length === 0 || keys.length > MOST_KEYS) {
      this.writeByte(Tag.object);
      this.#named(object, keys);
      return;
    }
    const shape = shapeOf(keys);
    if (shape?.message === this.#message) {
      this.writeByte(Tag.alike);
      this.writeVarint(shape.number);
    } else {
      this.writeByte(Tag.shaped);
      this.#block(keys, shape);
    }
    let i = 0;
    try {
      for (; i < keys.length; i++) this.#property(object, keys[i]!);
    } catch (error) {
      throw within(error, member(keys[i]!));
    }
  }

  #block(keys: string[], known: Shape | undefined): void {
    this.align();
    let shape = known;
    if (shape) {
      this.reserve(shape.words * 4);
      copyBlock(shape, this.words, this.at >>> 2);
      this.at += shape.words * 4;
    } else {
      const begin = this.at;
      this.reserve(BLOCK_HEADER * 4);
      this.at += BLOCK_HEADER * 4;
      this.writeVarint(keys.length);
      for (const key of keys) this.writeString(key);
      while (this.at % 4 !== 0) this.writeByte(0);
      seal(this.words, begin >>> 2, (this.at - begin) >>> 2);
      shape = remember(keys, this.words, begin >>> 2);
    }
    shape.message = this.#message;
    shape.number = this.#shapes++;
  }

  /** As many as there are keys, each with its value. */
  #named(object: object, keys: string[]): void {
    this.writeVarint(keys.length);
    let i = 0;
    try {
      for (; i < keys.length; i++) {
        this.writeString(keys[i]!);
        this.#property(object, keys[i]!);
      }
    } catch (error) {
      throw within(error, member(keys[i]!));
    }
  }

  #property(object: object, key: string): void {
    const value = object[key as keyof typeof object] as unknown;
    // A getter before may have deleted it.
    if (value === undefined && !Object.hasOwn(object, key)) this.writeByte(Tag.absent);
    else this.#value(value);
  }

  #array(array: unknown[]): void {
    const { length } = array;
    // A Proxy of an array may say anything.
    if (typeof length !== "number" || length >>> 0 !== length)
      throw new Refusal(`an array of length ${String(length)}`);
    const keys = Object.keys(array);
    // Indices come first, in order.
    if (keys.length !== length || (length > 0 && keys[length - 1] !== String(length - 1))) {
      this.writeByte(Tag.sparse);
      this.writeVarint(length);
      this.#named(array, keys);
      return;
    }
    this.writeByte(Tag.array);
    this.writeVarint(length);
    let i = 0;
    try {
      for (; i < length; i++) {
        const value = array[i];
        if (value === undefined && !Object.hasOwn(array, i)) this.writeByte(Tag.absent);
        else this.#value(value);
      }
    } catch (error) {
      throw within(error, `[${i}]`);
    }
  }

  #map(map: Map<unknown, unknown>): void {
    const entries: unknown[] = [];
    Map.prototype.forEach.call(map, (value, key) => void entries.push(key, value));
    this.writeByte(Tag.map);
    this.writeVarint(entries.length / 2);
    let i = 0;
    try {
      for (; i < entries.length; i++) this.#value(entries[i]);
    } catch (error) {
      throw within(error, `.${i % 2 === 0 ? "keys" : "values"}()[${Math.floor(i / 2)}]`);
    }
  }

  #set(set: Set<unknown>): void {
    const values: unknown[] = [];
    Set.prototype.forEach.call(set, (value) => void values.push(value));
    this.writeByte(Tag.set);
    this.writeVarint(values.length);
    let i = 0;
    try {
      for (; i < values.length; i++) this.#value(values[i]);
    } catch (error) {
      throw within(error, `.values()[${i}]`);
    }
  }

  #error(error: Error): void {
    const { name, message, stack } = error;
    this.writeByte(Tag.error);
    this.writeString(String(name));
    if (message === "" && !Object.hasOwn(error, "message")) this.writeByte(Tag.absent);
    else this.#value(String(message));
    if (typeof stack === "string") this.#value(stack);
    else this.writeByte(Tag.absent);
    try {
      if (Object.hasOwn(error, "cause")) this.#value(error.cause);
      else this.writeByte(Tag.absent);
    } catch (thrown) {
      throw within(thrown, ".cause");
    }
  }

  #view(view: ArrayBufferView): void {
    const index = indexOfView(view);
    if (VIEWS[index] === undefined) throw new Refusal(`a ${kindOf(view)}`);
    const { buffer } = view;
    if (tagOf(buffer) !== Tag.buffer)
      throw new Refusal("a view of shared memory", "what structured clone copies, or the SharedBuffer itself");
    let byteOffset: number;
    let byteLength: number;
    try {
      ({ byteOffset, byteLength } = view);
      // A DataView throws if its bytes are gone; of a typed array only the methods do.
      if (byteLength === 0 && VIEWS[index] !== DataView) Uint8Array.prototype.keys.call(view as Uint8Array);
    } catch {
      throw new Refusal(`a ${kindOf(view)} whose ArrayBuffer is detached, or has become too short`);
    }
    const isOfAll = byteOffset === 0 && byteLength === buffer.byteLength;
    this.writeByte(isOfAll ? Tag.viewOfBuffer : Tag.view);
    this.writeByte(index);
    if (isOfAll) {
      if (!this.#isAgain(buffer)) this.#buffer(buffer as ArrayBuffer);
    } else this.#bytes(buffer, byteOffset, byteLength);
  }

  #buffer(buffer: ArrayBuffer & { readonly resizable?: boolean; readonly maxByteLength?: number }): void {
    this.writeByte(buffer.resizable ? Tag.resizable : Tag.buffer);
    if (buffer.resizable) this.writeVarint(buffer.maxByteLength!);
    this.#bytes(buffer, 0, buffer.byteLength);
  }

  #bytes(buffer: ArrayBufferLike, offset: number, length: number): void {
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(buffer, offset, length);
    } catch {
      throw new Refusal("an ArrayBuffer that is detached");
    }
    this.writeVarint(length);
    this.writeBytes(bytes);
  }

  #shared(object: SharedObject): void {
    const { landspout, address, identity } = object.handle;
    if (object.space !== this.#space) {
      throw new Refusal(`a ${landspout} of another space`, `one of ${this.#purpose.owner}`, foreignHandleError);
    }
    this.writeByte(Tag.shared);
    this.writeString(landspout);
    this.reserve(8);
    const at = this.advance(8);
    this.view.setUint32(at, address, true);
    this.view.setInt32(at + 4, identity, true);
  }
}

/** A memory is mostly a handle's: of an object that has come in a message, or is another copy of the library's. */
function refusal(kind: string): Refusal {
  const isMemory = kind === "WebAssembly.Memory";
  return new Refusal(
    `a ${kind}`,
    isMemory ? "an object of this copy of the library, as receive returns it" : undefined,
  );
}

function foreignHandleError(message: string): Error {
  return new ForeignHandleError(message);
}

function tooLong(bytes: number, limit: number, { verb, limit: why }: Purpose): RangeError {
  return new RangeError(`Cannot ${verb}: received a message of ${bytes} bytes; expected at most ${limit}, ${why}`);
}
