import type { Cells } from "./cells.js";
import type { Kept } from "./kept.js";
import { Vectors } from "./vectors.js";

/** Bytes of V8's heap that a list takes beside its words. */
const LIST_BYTES = 64;
const NOTHING: readonly number[] = [];

/** Cells that hold short lists of words, by number, 0 the empty one: queues, channels, store buffers, histories. */
export class Sequences {
  readonly #cells: Cells;
  readonly #effects: number[];
  readonly #kept: Kept;
  readonly #numbers: Vectors;
  readonly #lists: (readonly number[])[] = [NOTHING];
  #words = new Int32Array(64);

  /** @param effects where `change` says what it changes; `kept` counts the lists */
  constructor(cells: Cells, effects: number[], kept: Kept) {
    this.#cells = cells;
    this.#effects = effects;
    this.#kept = kept;
    this.#numbers = new Vectors(kept);
    this.#numbers.numberOf(this.#words, 0);
  }

  /** The list in a cell, as signed words. */
  of(cell: number): readonly number[] {
    return this.#lists[this.#cells.values[cell]!]!;
  }

  /** Puts a list into a cell that is its processor's own. */
  put(cell: number, list: readonly number[]): void {
    const { length } = list;
    if (length > this.#words.length) this.#words = new Int32Array(2 * length);
    for (let i = 0; i < length; i++) this.#words[i] = list[i]!;
    const number = this.#numbers.numberOf(this.#words, length);
    if (this.#lists[number] === undefined) {
      this.#kept.take(LIST_BYTES + 8 * length, LIST_BYTES + 8 * length);
      this.#lists[number] = Array.from(this.#words.subarray(0, length));
    }
    this.#cells.set(cell, number);
  }

  /** Puts a list into a cell that others look at, too. */
  change(cell: number, list: readonly number[]): void {
    this.put(cell, list);
    this.#effects.push(2 * cell + 1);
  }
}
