/**
 * Exploration of executions without a memory of states: one execution of each Mazurkiewicz trace, and few that are given up.
 *
 * Source-set dynamic partial-order reduction with sleep sets (Abdulla, Aronis, Jonsson & Sagonas, J. ACM 64(4), 2017,
 * Algorithm 1). An access that would only repeat a waiting loop is not taken: it is enabled when it gets the loop to its
 * end, or on (as await statements are: Jonsson, Lang & Sagonas, FMCAD 2022), so that executions do not differ by how often
 * somebody looked in vain.
 *
 * Invariant: when an event is added, each event before it that conflicts with it, and that it could have preceded, has in
 * the frame it was chosen in an alternative that leads there: an initial of what does not depend on it.
 */
import { Shared } from "./cells.js";
import { Clocks } from "./clocks.js";
import { FruitlessLoops } from "./fruitless-loops.js";
import { CheckError } from "./loading.js";
import type { LocalState } from "./local-states.js";
import { checkRace } from "./races.js";
import { Found } from "./states.js";
import type { System } from "./system.js";
import { Violated } from "./violation.js";
import { lookAtEnd, type Watch } from "./watch.js";

export interface ExecutionsFound {
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

/** A point of the execution under way, and what is to be chosen there. */
interface Frame {
  /** Transitions that may be taken, as bits. */
  readonly enabled: number;
  /** Those that must be taken from here, and those that were or are. */
  backtrack: number;
  taken: number;
  /** By transition: what it does, for those whose executions from here were all explored. */
  readonly sleep: (readonly number[] | undefined)[];
  /** The event that was chosen here. */
  event: Event | undefined;
  /** Of the cells' log, before the event. */
  readonly mark: number;
}

/** A transition that was taken. */
export interface Event {
  readonly transition: number;
  readonly thread: number;
  /** As System.effects. */
  readonly effects: readonly number[];
  readonly woken: readonly number[];
  /** The state of its processor before. */
  readonly state: LocalState;
}

/** Executions given up as without an end. */
const DEEPEST = 100_000;
/** Transitions between two yields. */
const PROGRESS = 1 << 12;

export class Executions {
  readonly found: ExecutionsFound = { executions: 0, blocked: 0, steps: 0, depth: 0, races: 0 };
  readonly #system: System;
  readonly #watch: Watch;
  #frames: Frame[] = [];
  #clocks: Clocks;
  #loops: FruitlessLoops;

  constructor(system: System, watch: Watch) {
    this.#system = system;
    this.#watch = watch;
    this.#clocks = new Clocks(system.processors);
    this.#loops = new FruitlessLoops(system);
  }

  /**
   * Explores all; yields now and then.
   *
   * @throws {Found} at the first violation
   * @throws {CheckError} if an execution does not end
   */
  *explore(): Generator<void> {
    for (;;) {
      Object.assign(this.found, { executions: 0, blocked: 0, steps: 0, depth: 0, races: 0 });
      try {
        yield* this.#exploreOnce();
        return;
      } catch (error) {
        if (!(error instanceof Shared)) throw error;
      }
    }
  }

  *#exploreOnce(): Generator<void> {
    const system = this.#system;
    this.#frames = [];
    this.#clocks = new Clocks(system.processors);
    this.#loops = new FruitlessLoops(system);
    this.#guard(() => system.reset());
    this.#push([]);
    while (this.#frames.length > 0) {
      const frame = this.#frames.at(-1)!;
      const transition = lowest(frame.backtrack & ~frame.taken);
      if (transition < 0) {
        this.#pop();
        continue;
      }
      frame.taken |= 1 << transition;
      this.#take(frame, transition);
      if (this.found.steps % PROGRESS === 0) yield;
    }
  }

  /** A frame for the state that the system is in. */
  #push(sleep: (readonly number[] | undefined)[]): void {
    const system = this.#system;
    const { transitions, cells } = system;
    let enabled = 0;
    let awake = 0;
    for (let transition = 0; transition < transitions; transition++) {
      if (!system.isEnabled(transition) || this.#loops.waits(transition)) continue;
      enabled |= 1 << transition;
      if (sleep[transition] === undefined) awake |= 1 << transition;
    }
    const first = lowest(awake);
    const backtrack = first < 0 ? 0 : 1 << first;
    this.#frames.push({ enabled, backtrack, taken: 0, sleep, event: undefined, mark: cells.mark });
    if (enabled === 0) this.#guard(() => this.#end());
    else if (awake === 0) this.found.blocked++;
  }

  #end(): void {
    lookAtEnd(this.#system, this.#watch);
    this.found.executions++;
  }

  /** Takes the last event back and lets its transition sleep. */
  #pop(): void {
    this.#frames.pop();
    const frame = this.#frames.at(-1);
    if (frame === undefined) return;
    const { transition, effects } = frame.event!;
    frame.sleep[transition] = effects;
    frame.event = undefined;
    this.#clocks.pop();
    this.#loops.pop();
    this.#system.cells.undo(frame.mark);
  }

  #take(frame: Frame, transition: number): void {
    const system = this.#system;
    const processor = system.processorOf(transition);
    const state = system.stateOf(processor);
    const thread = system.isTimeout(transition) ? processor : transition;
    const drains = system.drains(transition);
    frame.event = { transition, thread, effects: [], woken: [], state };
    this.#guard(() => system.execute(transition));
    const event: Event = { transition, thread, effects: [...system.effects], woken: [...system.woken], state };
    frame.event = event;
    this.found.steps++;
    this.found.depth = Math.max(this.found.depth, this.#frames.length);
    if (this.#frames.length > DEEPEST) {
      throw new CheckError(
        `Cannot explore executions: one has not ended after ${DEEPEST} steps; expected that all end, or --mode states`,
      );
    }
    // Whoever is woken could have timed out before: that never becomes an event that races with this one.
    for (const sleeper of event.woken) {
      const timeout = 1 << (2 * system.processors + sleeper);
      if (frame.sleep[2 * system.processors + sleeper] === undefined) frame.backtrack |= frame.enabled & timeout;
    }
    this.#guard(() => this.#reverseRaces(event, this.#clocks.before(event, drains)));
    this.#clocks.push(event, drains, system.isFlush(transition), system.isBuffered(state) && transition === processor);
    this.#loops.push(event, frame.mark);
    this.#push(
      frame.sleep.map((effects, sleeper) => (this.#independent(sleeper, effects, event) ? effects : undefined)),
    );
  }

  /** Whether what a sleeping transition does is the same, and has the same effect, before and after an event. */
  #independent(sleeper: number, effects: readonly number[] | undefined, event: Event): boolean {
    return (
      effects !== undefined &&
      sleeper !== event.transition &&
      !event.woken.includes(this.#system.processorOf(sleeper)) &&
      !effects.some((a) => event.effects.some((b) => a >> 1 === b >> 1 && ((a | b) & 1) === 1))
    );
  }

  /** For each event that races with the next one: makes sure that what follows if it comes later is explored. */
  #reverseRaces(event: Event, base: Int32Array): void {
    const events = this.#frames;
    const clocks = this.#clocks;
    const reversible: number[] = [];
    for (const effect of event.effects) {
      const cell = effect >> 1;
      const accesses = clocks.accessesOf(cell);
      for (let i = accesses.length - 1; i >= 0; i--) {
        const index = accesses[i]! >> 1;
        const wrote = (accesses[i]! & 1) === 1;
        if (!wrote && (effect & 1) === 0) continue;
        const other = events[index]!.event!;
        if (base[other.thread]! > index || reversible.some((later) => clocks.precedes(index, later))) {
          if (wrote) break;
          continue;
        }
        this.#checkRace(index, event);
        if (!reversible.includes(index) && this.#couldPrecede(event, events[index]!.mark)) reversible.push(index);
      }
    }
    for (const index of reversible) this.#reverse(index, event, base);
  }

  /** Whether the event is none that waits, or would not have had to wait for what cells held at a mark. */
  #couldPrecede({ transition, state, effects }: Event, mark: number): boolean {
    const { processors, cells } = this.#system;
    if (transition >= processors) return true;
    // An empty channel's number is 0.
    if (state.instruction === "receive") return effects.every((effect) => cells.valueAt(effect >> 1, mark) !== 0);
    return !this.#system.spunAt(transition, state, effects, mark);
  }

  /**
   * The event at `index` and the next one, which could be neighbours: a data race, if they are accesses that are not both
   * atomic. The way there ends before both.
   */
  #checkRace(index: number, second: Event): void {
    const { processors } = this.#system;
    const first = this.#frames[index]!.event!;
    if (!this.#watch.races || first.transition >= processors || second.transition >= processors) return;
    try {
      if (checkRace(this.#system, first.transition, first.state, second.transition, second.state)) this.found.races++;
    } catch (error) {
      if (!(error instanceof Violated)) throw error;
      const before = this.#frames.slice(0, -1);
      throw new Found(
        error,
        before.flatMap(({ event }, at) =>
          at < index || (at > index && !this.#clocks.precedes(index, at)) ? [event!.transition] : [],
        ),
      );
    }
  }

  /** Makes sure that an initial of what follows the event at `index` without depending on it, then `event`, is chosen there. */
  #reverse(index: number, event: Event, base: Int32Array): void {
    const frame = this.#frames[index]!;
    const initials = this.#clocks.initials(index, event, base) & frame.enabled;
    if ((initials & (frame.backtrack | frame.taken)) !== 0) return;
    // An initial that is asleep leads only to what was explored.
    for (let transition = 0; transition < frame.sleep.length; transition++) {
      if ((initials >> transition) & 1 && frame.sleep[transition] !== undefined) return;
    }
    const own = initials & (1 << event.transition);
    frame.backtrack |= own || initials & -initials;
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof Violated)) throw error;
      throw new Found(
        error,
        this.#frames.flatMap(({ event }) => (event === undefined ? [] : [event.transition])),
      );
    }
  }
}

/** The number of the lowest bit that is set; -1 for none. */
function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
