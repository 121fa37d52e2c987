import { Violated } from "../properties/violation.js";
import type { Cells } from "./cells.js";
import type { Sequences } from "./sequences.js";

/**
 * First come, first served, between two events that a program marks. A processor comes with the first read-modify-write
 * after it marked `arrives`, or falls asleep before that: one step, so that it is clear who came first (Lamport's doorway,
 * CACM 17(8), 1974, is what it does up to there). A wait that does not sleep takes the mark back. When a processor marks
 * `enters`, all who came before it must have entered.
 */
export interface Order {
  readonly arrives: number;
  readonly enters: number;
}

/** Who came and has not entered, in two kinds of cells: it is part of the state. */
export class Line {
  readonly #order: Order;
  readonly #cells: Cells;
  readonly #sequences: Sequences;

  constructor(order: Order, cells: Cells, sequences: Sequences) {
    this.#order = order;
    this.#cells = cells;
    this.#sequences = sequences;
  }

  /**
   * To be called for each mark.
   *
   * @throws {Violated} if a processor enters before one that came first
   */
  marked(processor: number, event: number): void {
    if (event === this.#order.arrives) this.#cells.set(this.#cells.ofArrival(processor), 1);
    if (event !== this.#order.enters) return;
    this.#cells.set(this.#cells.ofArrival(processor), 0);
    const [first = processor, ...rest] = this.#waiting();
    if (first !== processor) {
      throw new Violated("order", `processor ${processor} enters before processor ${first}, which came before it`);
    }
    this.#setWaiting(rest);
  }

  /** Whether the processor's next read-modify-write, or sleep, is its arrival. */
  isToCome(processor: number): boolean {
    return this.#cells.values[this.#cells.ofArrival(processor)] !== 0;
  }

  /** To be called for each read-modify-write, and for each wait that sleeps. */
  changed(processor: number): void {
    if (!this.isToCome(processor)) return;
    this.#cells.set(this.#cells.ofArrival(processor), 0);
    this.#setWaiting([...this.#waiting(), processor]);
  }

  /** To be called for each wait that does not sleep. */
  turnedBack(processor: number): void {
    if (this.isToCome(processor)) this.#cells.set(this.#cells.ofArrival(processor), 0);
  }

  /** To be called for one who will not enter any more. */
  left(processor: number): void {
    this.#cells.set(this.#cells.ofArrival(processor), 0);
    const waiting = this.#waiting();
    if (waiting.includes(processor)) this.#setWaiting(waiting.filter((other) => other !== processor));
  }

  #waiting(): readonly number[] {
    return this.#sequences.of(this.#cells.ofLine());
  }

  #setWaiting(processors: readonly number[]): void {
    this.#sequences.change(this.#cells.ofLine(), processors);
  }
}
