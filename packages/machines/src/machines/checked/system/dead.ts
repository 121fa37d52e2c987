import type { Cells } from "./cells.js";
import type { LocalState } from "./local-states.js";

/** Which processors may die, and what then. */
export interface Mortality {
  /** By processor: the first local state of its repair; undefined if it does not die. */
  readonly repairs: readonly (LocalState | undefined)[];
  /** How many die at most. */
  readonly most: number;
}

/** Who has died: a cell for each processor, which is part of the state. */
export class Dead {
  readonly #cells: Cells;
  readonly #mortality: Mortality;
  /** By processor. */
  readonly #marks: readonly number[];

  constructor(cells: Cells, mortality: Mortality) {
    this.#cells = cells;
    this.#mortality = mortality;
    this.#marks = mortality.repairs.map((_, processor) => cells.ofDeath(processor));
  }

  has(processor: number): boolean {
    return this.#cells.values[this.#marks[processor]!] !== 0;
  }

  /**
   * Whether a processor may die: also one that has returned, for it could have died after its last access, which nothing
   * tells apart.
   */
  mayAdd(processor: number): boolean {
    const { repairs, most } = this.#mortality;
    if (repairs[processor] === undefined || this.has(processor)) return false;
    let died = 0;
    for (const cell of this.#marks) died += this.#cells.values[cell]!;
    return died < most;
  }

  /** Adds one who may die; returns the first local state of its repair. */
  add(processor: number): LocalState {
    this.#cells.set(this.#marks[processor]!, 1);
    return this.#mortality.repairs[processor]!;
  }
}
