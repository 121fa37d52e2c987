/**
 * Exploration of executions without a memory of states: one execution of each Mazurkiewicz trace, and few that are given up.
 *
 * Source-set dynamic partial-order reduction with sleep sets (Abdulla, Aronis, Jonsson & Sagonas, J. ACM 64(4), 2017,
 * Algorithm 1). An access of one word that would only repeat a waiting loop is not taken: it is enabled when it gets the
 * loop to its end, or on (as await statements are: Jonsson, Lang & Sagonas, FMCAD 2022). A processor that has come around a
 * longer loop in vain takes no more part, so that executions do not differ by how often somebody looked: there is one without that
 * turn. If those who are left find all as they saw it, it is a deadlock; else the execution is given up.
 *
 * Invariant: when an event is added, each event before it that conflicts with it, and that it could have preceded, has in
 * the frame it was chosen in an alternative that leads there: an initial of what does not depend on it.
 */

import { Counterexample } from "../counterexamples/counterexample.js";
import { checkEnd, type Properties } from "../properties/properties.js";
import { checkRace, stores } from "../properties/races.js";
import { Violated } from "../properties/violation.js";
import { CheckError } from "../system/loading.js";
import type { System } from "../system/system.js";
import type { Event } from "./event.js";
import { FruitlessLoops } from "./fruitless-loops.js";
import { conflict, HappensBefore } from "./happens-before.js";

export interface ExecutionCounts {
  /** Executions to the end: one of each trace. */
  executions: number;
  /** Executions given up because they would have repeated others. */
  blocked: number;
  /** Transitions taken. */
  steps: number;
  /** Transitions of the longest execution. */
  depth: number;
  /** Pairs of accesses of one place that might have been a data race. */
  races: number;
}

/** The executions that begin with some transitions, without those that others explore. */
export interface Subtree {
  readonly schedule: readonly number[];
  /** For each of these transitions, and then for the next: those that other subtrees begin with instead. */
  readonly elsewhere: readonly (readonly number[])[];
}

/** A point of the execution under way, and what is to be chosen there. */
interface Frame {
  /** Whether all else that can be chosen here is explored elsewhere. */
  readonly fixed: boolean;
  /** Transitions that may be taken, as bits. */
  readonly enabled: number;
  /** Those that must be taken from here, and those that were or are. */
  backtrack: number;
  taken: number;
  /** Those whose executions from here were all explored, and the same as bits. */
  readonly sleep: Sleeper[];
  asleep: number;
  /** The event that was chosen here. */
  event: OpenEvent | undefined;
  /** Of the cells' log, before the event. */
  readonly mark: number;
}

/** A transition that is not to be taken before another one that conflicts with it. */
type Sleeper = Pick<Event, "transition" | "effects">;

/** An event of this exploration; what it did is added when it is over. */
interface OpenEvent extends Event {
  effects: readonly number[];
  woken: readonly number[];
  /** Whether it is an access that stores, be it what was there. */
  readonly stores: boolean;
}

/** Executions given up as without an end. */
const DEEPEST = 10_000;
/** Transitions between two yields, at most. */
const PROGRESS = 1 << 12;
const NONE: readonly number[] = [];

export class Executions {
  readonly counts: ExecutionCounts = { executions: 0, blocked: 0, steps: 0, depth: 0, races: 0 };
  readonly #system: System;
  readonly #properties: Properties;
  readonly #subtree: Subtree;
  readonly #frames: Frame[] = [];
  readonly #clocks: HappensBefore;
  readonly #loops: FruitlessLoops;

  constructor(system: System, properties: Properties, subtree: Subtree) {
    this.#system = system;
    this.#properties = properties;
    this.#subtree = subtree;
    this.#clocks = new HappensBefore(system.processors, system.buffers !== undefined);
    this.#loops = new FruitlessLoops(system);
  }

  /**
   * Explores all; yields now and then.
   *
   * @throws {Counterexample} at the first violation
   * @throws {NewlyShared} if one more word is shared
   * @throws {CheckError} if an execution does not end
   */
  *explore(): Generator<void> {
    const { schedule, elsewhere } = this.#subtree;
    this.#system.cells.forgetAccesses();
    this.#begin(schedule.length > 0);
    for (const [depth, transition] of schedule.entries()) {
      this.#take(this.#frames[depth]!, transition, depth + 1 < schedule.length, elsewhere[depth + 1]!);
    }
    while (this.#frames.length > schedule.length) {
      if (this.counts.steps % PROGRESS === 0 || this.#system.local.computedLong()) yield;
      const frame = this.#frames.at(-1)!;
      const transition = lowest(frame.backtrack & ~frame.taken);
      if (transition < 0) {
        this.#pop();
        continue;
      }
      frame.taken |= 1 << transition;
      this.#take(frame, transition, false, []);
    }
  }

  /** Goes to the root of the subtree; the transitions that go on from there and are not explored elsewhere. */
  choices(): number[] {
    const { schedule, elsewhere } = this.#subtree;
    this.#begin(true);
    for (const [depth, transition] of schedule.entries()) {
      this.#take(this.#frames[depth]!, transition, true, elsewhere[depth + 1]!);
    }
    const { enabled, asleep } = this.#frames.at(-1)!;
    const choices: number[] = [];
    for (let left = enabled & ~asleep; left !== 0; left &= left - 1) choices.push(lowest(left));
    return choices;
  }

  #begin(fixed: boolean): void {
    try {
      this.#system.reset();
    } catch (error) {
      throw this.#foundBy(error);
    }
    this.#push([], fixed, this.#subtree.elsewhere[0]!);
  }

  /** A frame for the state that the system is in, with what sleeps there already and what others explore. */
  #push(sleep: Sleeper[], fixed: boolean, elsewhere: readonly number[]): void {
    const system = this.#system;
    for (const transition of elsewhere) sleep.push({ transition, effects: this.#effectsOf(transition) });
    let asleep = 0;
    for (const { transition } of sleep) asleep |= 1 << transition;
    let enabled = 0;
    for (let transition = 0; transition < system.transitions.firstDeath; transition++) {
      if (!system.isEnabled(transition) || this.#loops.cameAround(transition)) continue;
      enabled |= 1 << transition;
    }
    const awake = enabled & ~asleep;
    const backtrack = awake & -awake;
    this.#frames.push({
      fixed,
      enabled,
      backtrack,
      taken: 0,
      sleep,
      asleep,
      event: undefined,
      mark: system.cells.mark,
    });
    if (fixed) return;
    if (enabled === 0) this.#end();
    else if (awake === 0) this.counts.blocked++;
  }

  /** What a transition would do. */
  #effectsOf(transition: number): readonly number[] {
    const { cells, effects } = this.#system;
    const { mark } = cells;
    try {
      this.#system.execute(transition);
    } catch (error) {
      // Whoever explores it will find it.
      if (!(error instanceof Violated)) throw error;
    }
    const done = [...effects];
    cells.undo(mark);
    return done;
  }

  #end(): void {
    if (this.#loops.isOutdated) {
      // There is an execution in which that turn comes later, or not at all.
      this.counts.blocked++;
      return;
    }
    try {
      checkEnd(this.#system, this.#properties);
    } catch (error) {
      throw this.#foundBy(error);
    }
    this.counts.executions++;
  }

  /** Takes the last event back and lets its transition sleep. */
  #pop(): void {
    this.#frames.pop();
    const frame = this.#frames.at(-1);
    if (frame === undefined) return;
    frame.sleep.push(frame.event!);
    frame.asleep |= 1 << frame.event!.transition;
    frame.event = undefined;
    this.#clocks.pop();
    this.#loops.pop();
    this.#system.cells.undo(frame.mark);
  }

  /** Takes a transition, and pushes a frame for what comes after it. */
  #take(frame: Frame, transition: number, fixed: boolean, elsewhere: readonly number[]): void {
    const system = this.#system;
    const processor = system.transitions.processorOf(transition);
    const state = system.stateOf(processor);
    const thread = system.transitions.isTimeout(transition) ? processor : transition;
    const drains = system.drains(transition);
    const event: OpenEvent = { transition, thread, effects: NONE, woken: NONE, state, stores: stores(system, state) };
    frame.event = event;
    try {
      system.execute(transition);
    } catch (error) {
      throw this.#foundBy(error);
    }
    event.effects = system.effects.slice();
    if (system.woken.length > 0) event.woken = system.woken.slice();
    this.counts.steps++;
    this.counts.depth = Math.max(this.counts.depth, this.#frames.length);
    if (this.#frames.length > DEEPEST) {
      throw new CheckError(
        `Cannot explore executions: one has not ended after ${DEEPEST} steps; expected that all end, or --mode states`,
      );
    }
    // Whoever is woken could have timed out before: that never becomes an event that races with this one.
    for (const sleeper of event.woken) {
      frame.backtrack |= (1 << (2 * system.processors + sleeper)) & frame.enabled & ~frame.asleep;
    }
    const clock = this.#clocks.before(event, drains);
    this.#reverseRaces(event, clock);
    this.#clocks.push(
      event,
      clock,
      system.transitions.isFlush(transition),
      transition === processor && system.buffers?.takes(state) === true,
    );
    this.#loops.push(event, frame.mark);
    const sleep = frame.sleep.filter(({ effects }) => !conflict(effects, event.effects));
    this.#push(sleep, fixed, elsewhere);
  }

  /** For each event that races with the next one: makes sure that what follows if it comes later is explored. */
  #reverseRaces(event: OpenEvent, base: Int32Array): void {
    const events = this.#frames;
    const clocks = this.#clocks;
    const reversible: number[] = [];
    for (const effect of event.effects) {
      const cell = effect >> 1;
      const accesses = clocks.accessesOf(cell);
      for (let i = accesses.length - 1; i >= 0; i--) {
        const index = accesses[i]! >> 1;
        const wrote = (accesses[i]! & 1) === 1;
        const other = events[index]!.event!;
        if (base[other.thread]! > index || reversible.some((later) => clocks.precedes(index, later))) {
          if (wrote) break;
          continue;
        }
        if (other.stores || event.stores) this.#checkRace(index, event);
        if (!wrote && (effect & 1) === 0) continue;
        if (!reversible.includes(index) && this.#couldPrecede(event, events[index]!)) reversible.push(index);
      }
    }
    for (const index of reversible) this.#reverse(index, event, base);
  }

  /**
   * Whether an event is none that waits, or would not have had to wait where a frame's event was. One word is what it waits for,
   * and what accesses this word and comes after that event depends on it: the word is then what it was there.
   */
  #couldPrecede({ transition, state, effects }: Event, { event, mark }: Frame): boolean {
    const { processors, cells } = this.#system;
    if (transition >= processors) return true;
    // An empty channel's number is 0.
    if (state.effect === "receive") return effects.every((effect) => cells.valueAt(effect >> 1, mark) !== 0);
    // What it stores it finds before.
    if (event!.transition === processors + transition) return true;
    return !this.#system.awaitedAt(transition, state, effects, mark);
  }

  /** Whether the next event, which could follow right after the one at `index`, races with it as accesses do. */
  #checkRace(index: number, next: Event): void {
    const { processors } = this.#system;
    const { event } = this.#frames[index]!;
    if (!this.#properties.races || event!.transition >= processors || next.transition >= processors) return;
    try {
      if (checkRace(this.#system, event!.transition, event!.state, next.transition, next.state)) this.counts.races++;
    } catch (error) {
      if (!(error instanceof Violated)) throw error;
      // To where both are about to take place: without what follows from the first.
      const others = this.#frames
        .slice(0, -1)
        .filter((_, i) => i < index || (i > index && !this.#clocks.precedes(index, i)));
      throw new Counterexample(
        error,
        others.map((frame) => frame.event!.transition),
      );
    }
  }

  /** Makes sure that an initial of what follows the event at `index` without depending on it, then `event`, is chosen there. */
  #reverse(index: number, event: Event, base: Int32Array): void {
    const frame = this.#frames[index]!;
    if (frame.fixed) return;
    const initials = this.#clocks.initials(index, event, base) & frame.enabled;
    // An initial that is asleep leads only to what was explored.
    if ((initials & (frame.backtrack | frame.taken | frame.asleep)) !== 0) return;
    const own = initials & (1 << event.transition);
    frame.backtrack |= own || initials & -initials;
  }

  /** What to throw for an error: of something wrong, also the way to it. */
  #foundBy(error: unknown): unknown {
    if (!(error instanceof Violated)) return error;
    return new Counterexample(
      error,
      this.#frames.flatMap(({ event }) => (event === undefined ? [] : [event.transition])),
    );
  }
}

/** The number of the lowest bit that is set; -1 for none. */
function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
