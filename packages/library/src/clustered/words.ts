import { wrong } from "../arguments.js";
import type { SharedObject } from "../shared-object.js";

/**
 * A number that workers share: 64 bits, of which JavaScript has the whole numbers from -(2^53 - 1) to 2^53 - 1. At first it
 * is 0. Each call is atomic, and none blocks: as those of `Atomics` by the same names.
 *
 * @throws {FreedError} each call, once the object is destroyed
 */
export interface Word {
  /** @throws {RangeError} if additions have led out of the range */
  load(): number;
  /** @throws {TypeError} {RangeError} if the value is not a whole number of the range; and so the next two */
  store(value: number): void;
  /** Returns what was there before. */
  add(amount: number): number;
  /** Stores the value where the expected one is. Returns what was there before. */
  compareExchange(expected: number, value: number): number;
}

/** Words by their names. */
export type Words<Name extends string> = Readonly<Record<Name, Word>>;

/** The words that lie one after the other from an address on; undefined: the object was freed, and so has none. */
export function wordsAt<Name extends string>(
  object: SharedObject,
  names: readonly Name[],
  address: number | undefined,
): Words<Name> {
  const entries = names.map((name, i) => [name, new WordAt(object, name, (address ?? 0) + 8 * i)]);
  return Object.freeze(Object.fromEntries(entries)) as Words<Name>;
}

class WordAt implements Word {
  readonly #object: SharedObject;
  readonly #name: string;
  readonly #address: number;

  constructor(object: SharedObject, name: string, address: number) {
    this.#object = object;
    this.#name = name;
    this.#address = address;
  }

  load(): number {
    this.#mustExist("load");
    return mustBeExact(this.#name, this.#object.space.kernel.word_load(this.#address));
  }

  store(value: number): void {
    this.#mustBeWhole("store", value);
    this.#mustExist("store");
    this.#object.space.kernel.word_store(this.#address, value);
  }

  add(amount: number): number {
    this.#mustBeWhole("add to", amount);
    this.#mustExist("add to");
    return this.#object.space.kernel.word_add(this.#address, amount);
  }

  compareExchange(expected: number, value: number): number {
    this.#mustBeWhole("exchange", expected);
    this.#mustBeWhole("exchange", value);
    this.#mustExist("exchange");
    return this.#object.space.kernel.word_compare_exchange(this.#address, expected, value);
  }

  #mustExist(verb: string): void {
    if (this.#object.freed) throw this.#object.freedError(`${verb} the word ${this.#name}`);
  }

  #mustBeWhole(verb: string, value: number): void {
    if (!Number.isSafeInteger(value))
      throw wrong(`${verb} the word ${this.#name}`, value, "a whole number of at most 2^53 - 1", "number");
  }
}

/** @throws {RangeError} if a word has more than JavaScript's whole numbers can be */
export function mustBeExact(name: string, value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`Cannot load the word ${name}: received about ${value}; expected at most 2^53 - 1`);
}
