import type { Cells } from "./cells.js";
import type { Sequences } from "./sequences.js";

/** Who sleeps in memory.atomic.wait, by address, in the order in which they will be woken. */
export class Sleepers {
  readonly #cells: Cells;
  readonly #sequences: Sequences;
  readonly #effects: number[];

  /** @param effects where it says what it looks at; what it changes, the sequences say */
  constructor(cells: Cells, sequences: Sequences, effects: number[]) {
    this.#cells = cells;
    this.#sequences = sequences;
    this.#effects = effects;
  }

  has(address: number, processor: number): boolean {
    return this.#sequences.of(this.#cells.ofQueue(address)).includes(processor);
  }

  add(address: number, processor: number): void {
    const queue = this.#cells.ofQueue(address);
    this.#sequences.change(queue, [...this.#sequences.of(queue), processor]);
  }

  /** Takes out one whose time is over. */
  remove(address: number, processor: number): void {
    const queue = this.#cells.ofQueue(address);
    this.#sequences.change(
      queue,
      this.#sequences.of(queue).filter((sleeper) => sleeper !== processor),
    );
  }

  /** Takes out the first ones, `most` at most; returns them. */
  wake(address: number, most: number): readonly number[] {
    const queue = this.#cells.ofQueue(address);
    const sleepers = this.#sequences.of(queue);
    const woken = sleepers.slice(0, most);
    if (woken.length > 0) this.#sequences.change(queue, sleepers.slice(woken.length));
    else this.#effects.push(2 * queue);
    return woken;
  }
}
