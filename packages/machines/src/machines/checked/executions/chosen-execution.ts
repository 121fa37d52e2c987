import { Counterexample } from "../counterexamples/counterexample.js";
import { checkEnd, type Properties } from "../properties/properties.js";
import { Violated } from "../properties/violation.js";
import type { System } from "../system/system.js";
import { FruitlessLoops } from "./fruitless-loops.js";
import { Race, RaceDetector } from "./race-detector.js";

/** One execution, from the beginning on; somebody else chooses its transitions. */
export class ChosenExecution {
  readonly schedule: number[] = [];
  /** Pairs of accesses of one place that might have been a data race. */
  races = 0;
  readonly #system: System;
  readonly #properties: Properties;
  readonly #clocks: RaceDetector;
  readonly #loops: FruitlessLoops;

  /**
   * @throws {Counterexample} if the processors fail at once
   * @throws {NewlyShared} as all methods, if one more word turned out to be shared
   */
  constructor(system: System, properties: Properties) {
    this.#system = system;
    this.#properties = properties;
    this.#clocks = new RaceDetector(system);
    this.#loops = new FruitlessLoops(system);
    this.#guard(() => {
      system.reset();
      properties.onState?.(system);
    });
  }

  /** Whether a transition is possible and no turn of a loop that waits for what has not come. */
  canTake(transition: number): boolean {
    return this.#system.isEnabled(transition) && !this.#loops.waits(transition);
  }

  /**
   * @throws {Counterexample} for what is wrong then; for a race, with a schedule to a state in which both accesses are next
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
      if (this.#properties.races) this.races += this.#clocks.push(event);
      this.#loops.push(event, mark);
      this.#properties.onState?.(system);
    });
  }

  /**
   * To be called when no transition can be taken.
   *
   * @throws {Counterexample} if that should not be, or what is left is wrong
   */
  end(): void {
    const system = this.#system;
    this.#guard(() => {
      checkEnd(system, this.#properties);
    });
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof Violated)) throw error;
      throw new Counterexample(error, error instanceof Race ? this.#firstOf(error.before) : this.schedule);
    }
  }

  /** The schedule's first transitions of each processor, so many. */
  #firstOf(counts: readonly number[]): number[] {
    const left = [...counts];
    return this.schedule.filter((transition) => left[this.#system.transitions.processorOf(transition)]!-- > 0);
  }
}
