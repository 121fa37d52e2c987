/** Signatures of fixed size: arguments and results that are written to an A-stack as they are, without a format. */
import { described, mustBeWhole } from "../arguments.js";
import type { SharedSpace } from "../space.js";

/** A type of fixed size, for `procedure`. */
export interface FixedType<Value> {
  /** As the service describes itself to other threads. @internal */
  readonly text: string;
  /** @internal */
  readonly alignment: number;
  /** @internal */
  readonly bytes: number;
  /** For the compiler alone. @internal */
  readonly value?: Value;
}

/** A number, as it is: 8 bytes. */
export const f64: FixedType<number> = { text: "f64", alignment: 8, bytes: 8 };
/** A whole number from -2^31 to 2^31 - 1: 4 bytes. */
export const i32: FixedType<number> = { text: "i32", alignment: 4, bytes: 4 };

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
  return { text: `bytes(${most})`, alignment: 4, bytes: 4 + most };
}

type Values<Types extends readonly FixedType<unknown>[]> = {
  -readonly [I in keyof Types]: Types[I] extends FixedType<infer Value> ? Value : never;
};
// biome-ignore lint/suspicious/noConfusingVoidType: a procedure without a result.
type ValueOf<Type> = Type extends FixedType<infer Value> ? Value : void;

/** The memory of a space, as it is now. */
interface Views {
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
  readonly floats: Float64Array;
}

/** Those of the space that was looked at last. */
let latest: Views | undefined;

function viewsOf(space: SharedSpace, address: number, length: number): Views {
  const bytes = space.bytes(address, length);
  if (latest?.bytes !== bytes) {
    const { buffer } = bytes;
    latest = { words: new Int32Array(buffer), bytes, floats: new Float64Array(buffer) };
  }
  return latest;
}

/** Values one after the other, each at a multiple of its alignment. */
class Layout {
  readonly size: number;
  readonly #types: readonly FixedType<unknown>[];
  readonly #offsets: readonly number[];

  constructor(types: readonly FixedType<unknown>[]) {
    let at = 0;
    this.#types = types;
    this.#offsets = types.map(({ alignment, bytes }) => {
      const offset = (at + alignment - 1) & ~(alignment - 1);
      at = offset + bytes;
      return offset;
    });
    this.size = at;
  }

  /** @throws {TypeError | RangeError} if they are not of the types; nothing is written then that anybody reads */
  write(space: SharedSpace, address: number, values: readonly unknown[], verb: string): void {
    if (values.length !== this.#types.length) {
      throw new TypeError(`Cannot ${verb}: received ${values.length} values; expected ${this.#types.length}`);
    }
    const { words, bytes, floats } = viewsOf(space, address, this.size);
    for (let i = 0; i < values.length; i++) {
      const type = this.#types[i]!;
      const at = address + this.#offsets[i]!;
      const value = values[i];
      if (type.text === "f64" && typeof value === "number") floats[at >>> 3] = value;
      else if (type.text === "i32" && typeof value === "number" && (value | 0) === value) words[at >>> 2] = value;
      else if (value instanceof Uint8Array && value.length <= type.bytes - 4) {
        words[at >>> 2] = value.length;
        bytes.set(value, at + 4);
      } else throw new TypeError(`Cannot ${verb}: received ${described(value)} as value ${i}; expected ${type.text}`);
    }
  }

  read(space: SharedSpace, address: number, copies: boolean): unknown[] {
    const { words, bytes, floats } = viewsOf(space, address, this.size);
    return this.#types.map(({ text }, i) => {
      const at = address + this.#offsets[i]!;
      if (text === "f64") return floats[at >>> 3]!;
      const word = words[at >>> 2]!;
      if (text === "i32") return word;
      return copies ? bytes.slice(at + 4, at + 4 + word) : bytes.subarray(at + 4, at + 4 + word);
    });
  }
}

export class Signature {
  readonly parameters: Layout;
  readonly results: Layout;
  readonly hasResult: boolean;
  /** As the service describes itself. */
  readonly text: string;

  constructor(parameters: readonly FixedType<unknown>[], result: FixedType<unknown> | undefined) {
    this.parameters = new Layout(parameters);
    this.results = new Layout(result ? [result] : []);
    this.hasResult = result !== undefined;
    this.text = `(${parameters.map(({ text }) => text).join(", ")}) -> ${result?.text ?? "nothing"}`;
  }

  /** Of what a service says about itself. */
  static from(text: string): Signature {
    const [parameters, result] = text.split(" -> ");
    const types = [...parameters!.matchAll(/[a-z]\w+(?:\(\d+\))?/g)].map(([type]) => typeFrom(type));
    return new Signature(types, result === "nothing" ? undefined : typeFrom(result!));
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
