/** Signatures of fixed size: arguments and results that are written to an A-stack as they are, without a format. */
import { described, mustBeWhole } from "../arguments.js";
import type { SharedSpace } from "../space.js";
import { copyOf } from "./slab.js";

/** A type of fixed size, for `procedure`. */
export interface FixedType<Value> {
  /** As the service describes itself to other threads. @internal */
  readonly text: string;
  /** In the room of an A-stack. @internal */
  readonly bytes: number;
  /** For the compiler alone. @internal */
  readonly value?: Value;
}

/** A number, as it is: 8 bytes. */
export const f64: FixedType<number> = { text: "f64", bytes: 0 };
/** A whole number from -2^31 to 2^31 - 1: 4 bytes. */
export const i32: FixedType<number> = { text: "i32", bytes: 0 };

/**
 * Bytes, `most` at most: they are copied once, by whoever gives them. A procedure gets a view of them, which is good as long as
 * the procedure runs; a caller gets a copy.
 *
 * See docs/library/service.md.
 *
 * @param most 1 to 2^20
 * @throws {TypeError} {RangeError} if `most` is not such a number
 */
export function bytes(most: number): FixedType<Uint8Array> {
  mustBeWhole(most, "make a type of bytes", 1, 2 ** 20, "bytes");
  return { text: `bytes(${most})`, bytes: most };
}

type Values<Types extends readonly FixedType<unknown>[]> = {
  -readonly [I in keyof Types]: Types[I] extends FixedType<infer Value> ? Value : never;
};
// biome-ignore lint/suspicious/noConfusingVoidType: a procedure without a result.
type ValueOf<Type> = Type extends FixedType<infer Value> ? Value : void;

/** The memory of a space, as it is now. */
interface Views {
  readonly bytes: Uint8Array;
  readonly floats: Float64Array;
}

/** Those of the space that was looked at last. */
let latest: Views | undefined;

function viewsOf(space: SharedSpace, address: number, length: number): Views {
  const bytes = space.bytes(address, length);
  if (latest?.bytes !== bytes) latest = { bytes, floats: new Float64Array(bytes.buffer) };
  return latest;
}

/** Whether a value is of a type; of none: whether there is no value. */
export function fits(type: FixedType<unknown> | undefined, value: unknown): boolean {
  if (type === undefined) return value === undefined;
  if (type === f64) return typeof value === "number";
  if (type === i32) return typeof value === "number" && (value | 0) === value;
  return value instanceof Uint8Array && value.length <= type.bytes;
}

/** What stands for a value: a number does itself, for bytes their length, for none 0. */
export function standFor(value: unknown): number {
  return typeof value === "number" ? value : value === undefined ? 0 : (value as Uint8Array).length;
}

/** Values that are written on the line of an A-stack's word. */
const ON_LINE = 4;
const BYTES_OF_VALUE = 8;

/**
 * What stands for each value, 8 bytes each, the first ones on the line of the A-stack's word, the others in its room; then, in
 * the room, the bytes themselves.
 */
class Layout {
  readonly types: readonly FixedType<unknown>[];
  /** Bytes of the room. */
  readonly size: number;
  readonly #offsets: readonly number[];
  /** The last view that was given out: the next call has the same, if it has as many bytes at the same place. */
  #view: Uint8Array | undefined;

  constructor(types: readonly FixedType<unknown>[]) {
    let at = Math.max(0, types.length - ON_LINE) * BYTES_OF_VALUE;
    this.types = types;
    this.#offsets = types.map(({ bytes }) => {
      const offset = at;
      at = (at + bytes + BYTES_OF_VALUE - 1) & -BYTES_OF_VALUE;
      return offset;
    });
    this.size = at;
  }

  /** @throws {TypeError} if they are not of the types */
  check(values: readonly unknown[], verb: string): void {
    if (values.length !== this.types.length) {
      throw new TypeError(`Cannot ${verb}: received ${values.length} values; expected ${this.types.length}`);
    }
    for (let i = 0; i < values.length; i++) {
      const type = this.types[i]!;
      if (fits(type, values[i])) continue;
      throw new TypeError(`Cannot ${verb}: received ${described(values[i])} as value ${i}; expected ${type.text}`);
    }
  }

  /** Writes what is in the room, of values that are of the types. */
  write(space: SharedSpace, room: number, values: readonly unknown[]): void {
    const { bytes, floats } = viewsOf(space, room, this.size);
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (i >= ON_LINE) floats[(room >>> 3) + i - ON_LINE] = standFor(value);
      if (typeof value !== "number") bytes.set(value as Uint8Array, room + this.#offsets[i]!);
    }
  }

  /**
   * @param line where the first ones are
   * @param isCopied whether bytes are; else they are views, which are good for the time of a call
   */
  read(space: SharedSpace, line: number, room: number, i: number, isCopied: boolean): unknown {
    const { bytes, floats } = viewsOf(space, room, this.size);
    const value = floats[i < ON_LINE ? (line >>> 3) + i : (room >>> 3) + i - ON_LINE]!;
    const type = this.types[i];
    if (type === f64) return value;
    // As what is written is a float: -0 is one of them, and no i32.
    if (type === i32) return value | 0;
    const at = room + this.#offsets[i]!;
    return isCopied ? copyOf(bytes, at, value) : this.#viewOf(bytes, at, value);
  }

  #viewOf(bytes: Uint8Array, at: number, length: number): Uint8Array {
    const last = this.#view;
    if (last && last.byteOffset === at && last.length === length && last.buffer === bytes.buffer) return last;
    this.#view = bytes.subarray(at, at + length);
    return this.#view;
  }
}

export class Signature {
  readonly parameters: Layout;
  readonly results: Layout;
  /** Whether arguments and result need no room. */
  readonly isNumbers: boolean;
  /** As the service describes itself. */
  readonly text: string;

  constructor(parameters: readonly FixedType<unknown>[], result: FixedType<unknown> | undefined) {
    this.parameters = new Layout(parameters);
    this.results = new Layout(result ? [result] : []);
    this.isNumbers = this.parameters.size === 0 && this.results.size === 0;
    this.text = `(${parameters.map(({ text }) => text).join(", ")}) -> ${result?.text ?? "nothing"}`;
  }

  /** Of what a service says about itself. */
  static from(text: string): Signature {
    const [parameters, result] = text.split(" -> ");
    const types = [...parameters!.matchAll(/[a-z]\w+(?:\(\d+\))?/g)].map(([type]) => typeFrom(type));
    return new Signature(types, result === "nothing" ? undefined : typeFrom(result!));
  }

  result(space: SharedSpace, line: number, room: number): unknown {
    return this.results.types.length === 0 ? undefined : this.results.read(space, line, room, 0, true);
  }
}

function typeFrom(text: string): FixedType<unknown> {
  return text === "f64" ? f64 : text === "i32" ? i32 : bytes(Number(/\d+/.exec(text)![0]));
}

const signatures = new WeakMap<object, Signature>();

/** The signature that `procedure` gave a function. */
export function signatureOf(procedure: object): Signature | undefined {
  return signatures.get(procedure);
}

/**
 * Gives a procedure of a Service a signature of fixed size. Its arguments and its result are written to the A-stack as they are.
 * That is faster than the format in which any value can be passed.
 *
 * See docs/library/service.md.
 *
 * @param parameters the types of the arguments, `f64`, `i32` or `bytes(most)`
 * @param result the type of the result; if it is left out, the procedure has none
 * @returns what takes the function and gives it back. Any thread may call it. It does not block
 * @throws {TypeError} if the types are not such types, or what is given is no function
 * @example
 * ```ts
 * import { f64, procedure } from "landspout";
 *
 * const scale = procedure([f64, f64], f64)((value, factor) => value * factor);
 * console.log(scale(2, 3)); // 6
 * ```
 */
export function procedure<
  const Types extends readonly FixedType<unknown>[],
  Type extends FixedType<unknown> | undefined,
>(
  parameters: Types,
  result?: Type,
): <Its extends (...args: Values<Types>) => ValueOf<Type> | Promise<ValueOf<Type>>>(its: Its) => Its {
  const isType = (type: unknown) => typeof (type as FixedType<unknown> | undefined)?.text === "string";
  if (!Array.isArray(parameters) || !parameters.every(isType) || (result !== undefined && !isType(result))) {
    throw new TypeError(
      `Cannot make a procedure: received ${described(parameters)} and ${described(result)}; expected an array of f64, i32 or bytes(most), and one of them or nothing`,
    );
  }
  return (its) => {
    if (typeof its !== "function") {
      throw new TypeError(`Cannot make a procedure: received ${described(its)}; expected a function`);
    }
    signatures.set(its, new Signature(parameters, result));
    return its;
  };
}
