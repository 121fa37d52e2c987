import { Vectors } from "./vectors.js";

const NOTHING: readonly number[] = [];

/** Short lists by numbers, 0 the empty one: what a cell holds that stands for a queue, a channel or a store buffer. */
export class Sequences {
  readonly #numbers = new Vectors();
  readonly #lists: (readonly number[])[] = [NOTHING];

  constructor() {
    this.#numbers.numberOf(Int32Array.of(), 0);
  }

  at(number: number): readonly number[] {
    return this.#lists[number]!;
  }

  numberOf(list: readonly number[]): number {
    const number = this.#numbers.numberOf(Int32Array.from(list), list.length);
    this.#lists[number] ??= list.map((word) => word | 0);
    return number;
  }
}
