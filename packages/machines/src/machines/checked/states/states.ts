/**
 * Exploration of states: breadth first, each state once, so that programs whose executions have no end are explored to the
 * end if their states are finite, and the first violation found is one of the shortest.
 */

import { Counterexample } from "../counterexamples/counterexample.js";
import { checkEnd, checkState, livelocked, type Properties } from "../properties/properties.js";
import { Violated } from "../properties/violation.js";
import { NewlyShared } from "../system/cells.js";
import type { System } from "../system/system.js";
import { grown, grownBytes, Vectors } from "../system/vectors.js";
import { findLivelock, type Graph, LIVELOCK_BYTES } from "./livelock.js";
import { lookForShared } from "./shared-words.js";

/**
 * Chooses among a state's transitions. What it must know of the way to a state is one word, which is part of the state, 0
 * at first. Given the system in a state, and that word: a function from a transition to the word after it, or -1 if it is
 * not to be taken.
 */
export type Scheduler = (system: System, word: number) => (transition: number) => number;

export interface StateCounts {
  states: number;
  /** Transitions taken. */
  steps: number;
  /** Of the longest of the shortest ways to a state, in transitions. */
  depth: number;
  /** States in which all had ended. */
  ends: number;
  /** Pairs of accesses that could take place at once and were found not to race. */
  races: number;
}

/** Steps in vain that are too few to look for more words that are shared, and steps of such a look at most. */
const FEW = 200;
const LOOK = 1 << 16;
/** States between two yields, at most. */
const PROGRESS = 1 << 12;

export class States {
  readonly counts: StateCounts = { states: 0, steps: 0, depth: 0, ends: 0, races: 0 };
  readonly #system: System;
  readonly #properties: Properties;
  readonly #scheduler: Scheduler | undefined;
  /** Parts of states: by group of cells, and whole ones as their groups' numbers. */
  #groups: Vectors[] = [];
  #rows = new Vectors();
  #parents = new Int32Array(1 << 10);
  #by = new Uint8Array(1 << 10);
  #from = new Int32Array(1 << 10);
  #to = new Int32Array(1 << 10);
  #taken = new Uint8Array(1 << 10);
  #edges = 0;
  #words = new Int32Array(1 << 10);
  /** The numbers of the groups of the state that was loaded, -1 where none was, then the scheduler's word. */
  readonly #row: Int32Array;
  /** The same of another state. */
  readonly #next: Int32Array;

  /** Without a scheduler, all transitions are taken. */
  constructor(system: System, properties: Properties, scheduler?: Scheduler) {
    this.#system = system;
    this.#properties = properties;
    this.#scheduler = scheduler;
    this.#row = new Int32Array(system.processors + 2);
    this.#next = new Int32Array(system.processors + 2);
  }

  /**
   * Explores all; yields now and then.
   *
   * @throws {Counterexample} at the first violation
   */
  *explore(): Generator<void> {
    while (!(yield* this.#exploreOnce())) {
      const { steps } = this.counts;
      // Of all that a system can do, a scheduler lets some share fewer words.
      if (this.#scheduler === undefined && steps > FEW) lookForShared(this.#system, Math.min(steps, LOOK));
    }
  }

  /** Whether no word turned out to be shared on the way. */
  *#exploreOnce(): Generator<void, boolean> {
    Object.assign(this.counts, { states: 0, steps: 0, depth: 0, ends: 0, races: 0 });
    const { kept } = this.#system.local;
    for (const vectors of [...this.#groups, this.#rows]) vectors.discard();
    this.#groups = Array.from({ length: this.#system.processors + 1 }, () => new Vectors(kept));
    this.#rows = new Vectors(kept);
    this.#edges = 0;
    try {
      this.#reset();
      let last = 0;
      for (let state = 0; state < this.#rows.count; state++) {
        if (state === last) {
          // All of one depth come before all of the next.
          if (state > 0) this.counts.depth++;
          last = this.#rows.count;
        }
        if (state % PROGRESS === 0 || this.#system.local.computedLong()) yield;
        this.#expand(state);
      }
    } catch (error) {
      if (error instanceof NewlyShared) return false;
      throw error;
    }
    // Where not all transitions are taken, what goes on for ever may not be fair.
    if (this.#scheduler !== undefined) return true;
    this.#system.local.kept.take(LIVELOCK_BYTES * this.#rows.count);
    const livelock = findLivelock(this.#graph());
    this.#system.local.kept.give(LIVELOCK_BYTES * this.#rows.count);
    if (livelock === undefined) return true;
    const { state, cycle } = livelock;
    this.#load(state);
    throw new Counterexample(livelocked(this.#system), [...this.#schedule(state), ...cycle], cycle.length);
  }

  /** Numbers the first state. */
  #reset(): void {
    try {
      this.#system.reset();
    } catch (error) {
      if (!(error instanceof Violated)) throw error;
      throw new Counterexample(error, []);
    }
    this.#row.fill(-1);
    this.#number(-1, 0, 0);
  }

  #expand(state: number): void {
    const system = this.#system;
    const { firstDeath, count } = system.transitions;
    this.#load(state);
    try {
      this.counts.races += checkState(system, this.#properties);
      const wordAfter = this.#scheduler?.(system, this.#row[system.processors + 1]!);
      let goesOn = false;
      for (let transition = 0; transition < firstDeath; transition++) {
        if (!system.isEnabled(transition)) continue;
        goesOn = true;
        this.#take(state, transition, wordAfter?.(transition) ?? 0);
      }
      if (!goesOn) {
        checkEnd(system, this.#properties);
        this.counts.ends++;
      }
      for (let death = firstDeath; death < count; death++) {
        if (system.isEnabled(death)) this.#take(state, death, wordAfter?.(death) ?? 0);
      }
    } catch (error) {
      if (!(error instanceof Violated)) throw error;
      throw new Counterexample(error, this.#schedule(state));
    }
  }

  /** Goes from a state to the next one and back; nowhere if the word is -1. */
  #take(state: number, transition: number, word: number): void {
    if (word < 0) return;
    const system = this.#system;
    this.counts.steps++;
    try {
      system.execute(transition);
    } catch (error) {
      if (!(error instanceof Violated)) throw error;
      throw new Counterexample(error, [...this.#schedule(state), transition]);
    }
    this.#edge(state, this.#number(state, transition, word), transition);
    system.cells.undo(0);
  }

  /** The number of the state that the system is in, with the scheduler's word; what was not set is as in `#row`. */
  #number(parent: number, transition: number, word: number): number {
    const { cells, processors } = this.#system;
    if (this.#words.length < cells.packed) this.#words = new Int32Array(2 * cells.packed);
    const row = this.#next;
    const changed = parent < 0 ? -1 : cells.changedGroups();
    for (let group = 0; group <= processors; group++) {
      row[group] = this.#row[group]!;
      if (((changed >> group) & 1) === 0) continue;
      const length = cells.pack(group, this.#words);
      row[group] = this.#groups[group]!.numberOf(this.#words, length);
    }
    const { count } = this.#rows;
    row[processors + 1] = word;
    const number = this.#rows.numberOf(row, processors + 2);
    if (number < count) return number;
    this.counts.states = number + 1;
    if (number === this.#parents.length) {
      const { kept } = this.#system.local;
      this.#parents = grown(this.#parents, kept);
      this.#by = grownBytes(this.#by, kept);
    }
    this.#parents[number] = parent;
    this.#by[number] = transition;
    return number;
  }

  #load(state: number): void {
    const { cells, processors } = this.#system;
    if (this.#words.length < cells.packed) this.#words = new Int32Array(2 * cells.packed);
    const row = this.#next;
    this.#rows.read(state, row);
    for (let group = 0; group <= processors; group++) {
      if (row[group] === this.#row[group]) continue;
      const length = this.#groups[group]!.read(row[group]!, this.#words);
      cells.unpack(group, this.#words, length);
    }
    this.#row.set(row);
    cells.commit();
  }

  #edge(from: number, to: number, transition: number): void {
    if (this.#edges === this.#from.length) {
      const { kept } = this.#system.local;
      this.#from = grown(this.#from, kept);
      this.#to = grown(this.#to, kept);
      this.#taken = grownBytes(this.#taken, kept);
    }
    this.#from[this.#edges] = from;
    this.#to[this.#edges] = to;
    this.#taken[this.#edges] = transition;
    this.#edges++;
  }

  #graph(): Graph {
    return {
      states: this.#rows.count,
      edges: this.#edges,
      from: this.#from,
      to: this.#to,
      taken: this.#taken,
      transitions: this.#system.transitions.firstDeath,
    };
  }

  #schedule(state: number): number[] {
    const schedule: number[] = [];
    for (let at = state; at > 0; at = this.#parents[at]!) schedule.push(this.#by[at]!);
    return schedule.reverse();
  }
}
