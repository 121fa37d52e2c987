import { FruitlessLoops } from "./fruitless-loops.js";
import { Found } from "./states.js";
import type { System } from "./system.js";
import { Race, VectorClocks } from "./vector-clocks.js";
import { Violated } from "./violation.js";
import { lookAtEnd, type Watch } from "./watch.js";

/** One execution, from the beginning on; somebody else chooses its transitions. */
export class Execution {
  readonly schedule: number[] = [];
  /** Pairs of accesses of one place that might have been a data race. */
  races = 0;
  readonly #system: System;
  readonly #watch: Watch;
  readonly #clocks: VectorClocks;
  readonly #loops: FruitlessLoops;

  /**
   * @throws {Found} if the processors fail at once
   * @throws {Shared} as all methods, if one more word turned out to be shared
   */
  constructor(system: System, watch: Watch) {
    this.#system = system;
    this.#watch = watch;
    this.#clocks = new VectorClocks(system);
    this.#loops = new FruitlessLoops(system);
    this.#guard(() => {
      system.reset();
      watch.onState?.(system);
    });
  }

  /** Whether a transition is possible and no turn of a loop that waits for what has not come. */
  canTake(transition: number): boolean {
    return this.#system.isEnabled(transition) && !this.#loops.waits(transition);
  }

  /**
   * @throws {Found} for what is wrong then; for a race, with a schedule to a state in which both accesses are next
   */
  take(transition: number): void {
    const system = this.#system;
    const { mark } = system.cells;
    const processor = system.transitions.processorOf(transition);
    const state = system.stateOf(processor);
    this.schedule.push(transition);
    this.#guard(() => {
      system.execute(transition);
      const { effects, woken } = system;
      const thread = system.transitions.isFlush(transition) ? transition : processor;
      const event = { transition, thread, effects: [...effects], woken: [...woken], state };
      if (this.#watch.races) this.races += this.#clocks.push(event);
      this.#loops.push(event, mark);
      this.#watch.onState?.(system);
    });
  }

  /**
   * To be called when no transition can be taken.
   *
   * @throws {Found} if that should not be, or what is left is wrong
   */
  end(): void {
    const system = this.#system;
    this.#guard(() => {
      lookAtEnd(system, this.#watch);
    });
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof Violated)) throw error;
      throw new Found(error, error instanceof Race ? this.#firstOf(error.before) : this.schedule);
    }
  }

  /** The schedule's first transitions of each processor, so many. */
  #firstOf(counts: readonly number[]): number[] {
    const left = [...counts];
    return this.schedule.filter((transition) => left[this.#system.transitions.processorOf(transition)]!-- > 0);
  }
}
