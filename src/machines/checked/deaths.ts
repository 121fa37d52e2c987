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
export class Deaths {
  readonly #cells: Cells;
  readonly #mortality: Mortality;
  /** By processor. */
  readonly #dead: readonly number[];

  constructor(cells: Cells, mortality: Mortality) {
    this.#cells = cells;
    this.#mortality = mortality;
    this.#dead = mortality.repairs.map((_, processor) => cells.ofDeath(processor));
  }

  has(processor: number): boolean {
    return this.#cells.values[this.#dead[processor]!] !== 0;
  }

  /**
   * Whether a processor may die: also one that has returned, for it could have died after its last access, which nothing
   * tells apart.
   */
  mayTake(processor: number): boolean {
    const { repairs, most } = this.#mortality;
    if (repairs[processor] === undefined || this.has(processor)) return false;
    let died = 0;
    for (const cell of this.#dead) died += this.#cells.values[cell]!;
    return died < most;
  }

  /** Takes one who may die; returns the first local state of its repair. */
  take(processor: number): LocalState {
    this.#cells.set(this.#dead[processor]!, 1);
    return this.#mortality.repairs[processor]!;
  }
}
