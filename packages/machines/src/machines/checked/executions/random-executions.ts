/**
 * Random executions by probabilistic concurrency testing (PCT: Burckhardt, Kothari, Musuvathi & Nagarakatte, ASPLOS 2010):
 * the processor of the highest priority takes every step; priorities are random, and d - 1 times in an execution, at random
 * steps, that processor's becomes low. A bug of depth d, one that d ordered pairs of steps suffice for, in a program of n
 * processors and k steps, is found by an execution with a probability of at least 1 / (n k^(d-1)); k is taken to be that of
 * the longest execution so far. No proof of anything.
 *
 * Store buffers, and waits that may time out, have priorities of their own; deaths come at random steps. A processor that waits in a loop is passed over
 * until a word that it looks at changes. One that goes on and on otherwise, while others could, becomes the last: without
 * fairness, programs need not end.
 */
import { Random } from "../../random.js";
import { Counterexample } from "../counterexamples/counterexample.js";
import { reduceSwitches } from "../counterexamples/reduce-switches.js";
import type { Properties } from "../properties/properties.js";
import { NewlyShared } from "../system/cells.js";
import type { System } from "../system/system.js";
import { ChosenExecution } from "./chosen-execution.js";
import type { ExecutionCounts } from "./executions.js";

export interface RandomOptions {
  /** How many; default: 10,000. */
  readonly executions?: number | undefined;
  /** d, the depth of the bugs that are looked for, 1 to 1,000; default: 3. */
  readonly depth?: number | undefined;
  /** A 32-bit word; default: 1. */
  readonly seed?: number | undefined;
}

/** The largest depth: chances to find a bug fall by the number of steps with each more. */
export const MOST_DEPTH = 1000;

/** Steps of one processor in a row after which it becomes the last. */
const FAIR = 200;
/** Steps after which an execution is given up. */
const LONGEST = 100_000;
/** Steps between two yields, at most. */
const PROGRESS = 1 << 12;

export class RandomExecutions {
  readonly counts: ExecutionCounts = { executions: 0, blocked: 0, steps: 0, depth: 0, races: 0 };
  readonly #system: System;
  readonly #properties: Properties;
  readonly #executions: number;
  readonly #depth: number;
  readonly #random: Random;

  constructor(
    system: System,
    properties: Properties,
    { executions = 10_000, depth = 3, seed = 1 }: RandomOptions = {},
  ) {
    this.#system = system;
    this.#properties = properties;
    this.#executions = executions;
    this.#depth = depth;
    this.#random = new Random(seed);
  }

  /**
   * Takes all executions; yields now and then.
   *
   * @throws {Counterexample} at the first violation, by a schedule that was made shorter
   */
  *explore(): Generator<void> {
    while (this.counts.executions + this.counts.blocked < this.#executions) {
      try {
        yield* this.#execute();
      } catch (error) {
        if (error instanceof NewlyShared) continue;
        if (!(error instanceof Counterexample)) throw error;
        this.counts.steps += error.schedule.length;
        throw reduceSwitches(this.#system, this.#properties, error);
      }
    }
  }

  *#execute(): Generator<void> {
    const system = this.#system;
    const { counts } = this;
    const execution = new ChosenExecution(system, this.#properties);
    const { firstDeath } = system.transitions;
    const priorities = new Priorities(this.#random, firstDeath, this.#depth, counts.depth);
    const { schedule } = execution;
    const canTake = (transition: number) => execution.canTake(transition);
    const deaths = this.#deathsOf(execution);
    let processor = -1;
    let turns = 0;
    while (schedule.length < LONGEST) {
      const chosen = priorities.choose(schedule.length, canTake);
      if (chosen === undefined) execution.end();
      const death = deaths.get(schedule.length);
      const transition = death !== undefined && canTake(death) ? death : chosen;
      if (transition === undefined) break;
      execution.take(transition);
      turns = system.transitions.processorOf(transition) === processor ? turns + 1 : 0;
      processor = system.transitions.processorOf(transition);
      if (turns === FAIR) {
        for (let own = processor; own < firstDeath; own += system.processors) priorities.makeLast(own);
        turns = 0;
      }
      if (schedule.length % PROGRESS === 0 || system.local.computedLong()) yield;
    }
    if (schedule.length < LONGEST) counts.executions++;
    else counts.blocked++;
    counts.steps += schedule.length;
    counts.depth = Math.max(counts.depth, schedule.length);
    counts.races += execution.races;
    yield;
  }

  /** Who dies, by step: nobody in half of the executions, else one or more, of whom the first ones may. */
  #deathsOf(execution: ChosenExecution): ReadonlyMap<number, number> {
    const { firstDeath, count } = this.#system.transitions;
    const possible = Array.from({ length: count - firstDeath }, (_, i) => firstDeath + i).filter((death) =>
      execution.canTake(death),
    );
    const deaths = new Map<number, number>();
    while (possible.length > 0 && this.#random.below(2) === 1) {
      const [death = 0] = possible.splice(this.#random.below(possible.length), 1);
      deaths.set(this.#random.below(this.counts.depth + 1), death);
    }
    return deaths;
  }
}

/** The priorities of one execution. */
class Priorities {
  /** By transition. */
  readonly #priorities: number[];
  /** The steps, in no order, at which the one that is highest then gets priority 1, 2, ... */
  readonly #changes: readonly number[];
  /** Transitions, the highest first. */
  readonly #order: number[];
  #lowest = 0;

  /** `steps`: how many the execution is likely to have. */
  constructor(random: Random, transitions: number, depth: number, steps: number) {
    this.#priorities = random.permutation(transitions).map((rank) => rank + depth);
    this.#changes = Array.from({ length: depth - 1 }, () => random.below(Math.max(steps, 1)));
    this.#order = this.#priorities.map((_, transition) => transition);
    this.#sort();
  }

  /** The transition of the highest priority that can be taken; undefined if there is none. */
  choose(step: number, canTake: (transition: number) => boolean): number | undefined {
    let highest = this.#order.find(canTake);
    for (let i = 0; i < this.#changes.length && highest !== undefined; i++) {
      if (this.#changes[i] !== step) continue;
      this.#priorities[highest] = i + 1;
      this.#sort();
      highest = this.#order.find(canTake);
    }
    return highest;
  }

  makeLast(transition: number): void {
    this.#priorities[transition] = --this.#lowest;
    this.#sort();
  }

  #sort(): void {
    this.#order.sort((a, b) => this.#priorities[b]! - this.#priorities[a]!);
  }
}
