/**
 * A program's processors and memory in one state, and the transitions that lead to others.
 *
 * A transition is one access of shared memory, or one instruction that others notice, and then all that the processor does
 * up to its next one: what it computes, and its accesses of words that are its alone, commute with all that others do
 * (virtual coarsening).
 *
 * Under total store order another transition takes the oldest store of a processor's buffer to memory; read-modify-writes,
 * fences, wait and notify happen when the buffer is empty.
 */
import { STOP } from "../../../processor/stop.js";
import { Violated } from "../properties/violation.js";
import type { Cells } from "./cells.js";
import { Dead } from "./dead.js";
import { Instructions } from "./instructions.js";
import type { LocalState, LocalStates } from "./local-states.js";
import { Line } from "./order.js";
import { Sequences } from "./sequences.js";
import { Sleepers } from "./sleepers.js";
import { StoreBuffers } from "./store-buffers.js";
import type { Symbols } from "./symbols.js";
import type { SystemOptions } from "./system-options.js";
import { Transitions } from "./transitions.js";

/** The most accesses of a processor's own words in one transition. */
const ALONE = 1000;

export class System {
  readonly processors: number;
  readonly transitions: Transitions;
  readonly cells: Cells;
  readonly local: LocalStates;
  readonly symbols: Symbols;
  /** The name that the program gives a reason of `fail`. */
  readonly failureName: (reason: number) => string;
  /** What the last transition touched of cells that are shared: its number * 2, + 1 if it wrote. */
  readonly effects: number[] = [];
  readonly sequences: Sequences;
  /** Under tso. */
  readonly buffers: StoreBuffers | undefined;
  /** Processors that the last transition woke. */
  readonly woken: number[] = [];
  /** What the access of the last transition found. */
  low = 0;
  high = 0;
  readonly instructions: Instructions;
  readonly #options: SystemOptions;
  readonly #sleepers: Sleepers;
  readonly #line: Line | undefined;
  readonly #dead: Dead | undefined;

  constructor(options: SystemOptions) {
    this.#options = options;
    this.processors = options.begin.length;
    this.transitions = new Transitions(this.processors, options.mortality !== undefined);
    this.cells = options.cells;
    this.local = options.local;
    this.symbols = options.symbols;
    this.failureName = options.failureName;
    this.sequences = new Sequences(this.cells, this.effects, this.local.kept);
    this.buffers =
      options.model === "tso"
        ? new StoreBuffers(this.cells, this.sequences, this.effects, options.buffered)
        : undefined;
    this.#sleepers = new Sleepers(this.cells, this.sequences, this.effects);
    this.#line = options.order && new Line(options.order, this.cells, this.sequences);
    const { history, failureName } = options;
    this.instructions = new Instructions(this, { history, failureName, line: this.#line });
    this.#dead = options.mortality && new Dead(this.cells, options.mortality);
  }

  /** The same program before its begin, with the same words shared, and nothing else known of it. */
  fresh(): System {
    return new System({ ...this.#options, cells: this.cells.fresh() });
  }

  /**
   * Makes it what it is at first.
   *
   * @throws {Violated} if a processor fails before anybody could notice it
   */
  reset(): void {
    this.cells.reset();
    this.#options.begin.forEach((state, processor) => void this.#become(processor, state));
    for (let processor = 0; processor < this.processors; processor++) this.#settle(processor);
    this.cells.commit();
  }

  stateOf(processor: number): LocalState {
    return this.local.at(this.cells.values[processor]!);
  }

  /** Whether all have returned and all that they stored is in memory. */
  get ended(): boolean {
    for (let p = 0; p < this.processors; p++) {
      if (this.stateOf(p).kind !== STOP.returned || this.buffers?.isEmpty(p) === false) return false;
    }
    return true;
  }

  isAsleep(processor: number): boolean {
    const state = this.stateOf(processor);
    return state.kind === STOP.wait && this.#sleepers.has(state.address, processor);
  }

  /** Whether it has died; it may be about to repair what it left. */
  hasDied(processor: number): boolean {
    return this.#dead?.has(processor) === true;
  }

  isEnabled(transition: number): boolean {
    const { transitions } = this;
    const processor = transitions.processorOf(transition);
    if (transitions.isFlush(transition)) return this.buffers?.isEmpty(processor) === false;
    const state = this.stateOf(processor);
    if (transitions.isTimeout(transition)) return this.isAsleep(processor) && state.timed;
    if (transitions.isDeath(transition)) return this.#mayDie(processor);
    switch (state.kind) {
      case STOP.returned:
      case STOP.trap:
        return false;
      case STOP.store:
        if (this.buffers?.takes(state)) return !this.buffers.isFull(processor);
        break;
      case STOP.wait:
        if (this.isAsleep(processor)) return false;
        break;
      case STOP.call:
        return !this.instructions.blocks(processor, state);
    }
    return !this.buffers?.mustDrain(processor, state);
  }

  /** Whether a transition is a step that happens when its processor's store buffer is empty. */
  drains(transition: number): boolean {
    return transition < this.processors && this.buffers?.drains(this.stateOf(transition)) === true;
  }

  /** Whether the processor's next access would leave all as it is: one turn of a loop that waits for others. */
  spins(processor: number): boolean {
    const state = this.stateOf(processor);
    if (state.kind !== STOP.load && state.kind !== STOP.readModifyWrite && state.kind !== STOP.compareExchange)
      return false;
    if (state.kind !== STOP.load && this.#line?.isToCome(processor)) return false;
    const mark = this.cells.mark;
    if (state.kind === STOP.load) this.#load(processor, state);
    else this.cells.perform(state.kind, state);
    const spins = this.cells.mark === mark && this.local.after(state, this.cells.low, this.cells.high) === state;
    this.cells.undo(mark);
    return spins;
  }

  /** Whether it spins on one word, none that its store buffer holds: nothing but a store to that word gets it on. */
  awaits(processor: number): boolean {
    const { address, size } = this.stateOf(processor);
    if ((address & 3) + size > 4) return false;
    return !this.buffers?.holds(processor, address >>> 2) && this.spins(processor);
  }

  /** Whether a processor in that state would await a store if the cells of these effects held what they held at a mark. */
  awaitedAt(processor: number, state: LocalState, effects: readonly number[], mark: number): boolean {
    const { cells } = this;
    const now = cells.mark;
    for (const effect of effects) cells.set(effect >> 1, cells.valueAt(effect >> 1, mark));
    cells.set(processor, state.number);
    const awaits = this.awaits(processor);
    cells.undo(now);
    return awaits;
  }

  /**
   * Takes a transition that is enabled.
   *
   * @throws {Violated} if it leads to a failure
   * @throws {NewlyShared} if it makes known that one more word is shared
   */
  execute(transition: number): void {
    clear(this.effects);
    clear(this.woken);
    const { transitions } = this;
    const processor = transitions.processorOf(transition);
    if (transitions.isFlush(transition)) {
      this.buffers!.flush(processor);
    } else if (transitions.isTimeout(transition)) {
      this.#timeOut(processor);
    } else if (transitions.isDeath(transition)) {
      this.#die(processor);
    } else {
      const goesOn = this.#step(processor, this.stateOf(processor));
      this.low = this.cells.low;
      this.high = this.cells.high;
      if (goesOn) this.#settle(processor);
    }
  }

  /** The next access or instruction of a processor; whether it goes on after that. */
  #step(processor: number, state: LocalState): boolean {
    const { cells } = this;
    switch (state.kind) {
      case STOP.load:
        this.#touch(processor, state, false);
        this.#load(processor, state);
        break;
      case STOP.store:
        if (this.buffers?.takes(state)) {
          // Nobody notices before it leaves the buffer.
          cells.touch(processor, state.address, state.size, true);
          this.buffers.push(processor, state);
        } else {
          this.#touch(processor, state, true);
          cells.store(state.address, state.size, state.low, state.high);
        }
        cells.low = cells.high = 0;
        break;
      case STOP.readModifyWrite:
      case STOP.compareExchange: {
        cells.perform(state.kind, state);
        const exchanged = cells.low === state.low && cells.high === state.high;
        this.#touch(processor, state, state.kind === STOP.readModifyWrite || exchanged);
        this.#line?.changed(processor);
        break;
      }
      case STOP.wait:
        return this.#wait(processor, state);
      case STOP.notify:
        this.#notify(state);
        break;
      case STOP.call:
        this.instructions.execute(processor, state);
        break;
      case STOP.memoryGrow:
        // A growth may fail, at any size; here it always does.
        cells.low = -1;
        cells.high = 0;
        break;
      case STOP.memorySize:
        cells.low = cells.pages;
        cells.high = 0;
        break;
      default:
        cells.low = cells.high = 0;
    }
    this.#goOn(processor, state, cells.low, cells.high);
    return true;
  }

  #goOn(processor: number, state: LocalState, low: number, high: number): void {
    const after = this.local.after(state, low, high);
    this.#become(processor, after);
    if (this.#options.pauses && after === state && state.restless) {
      throw new Violated("pause", `processor ${processor} waits without a pause ${this.local.placeOf(state)}`);
    }
  }

  #become(processor: number, state: LocalState): void {
    this.cells.set(processor, state.number);
    if (state.kind === STOP.trap) throw new Violated("trap", `processor ${processor}: ${state.trap}`);
  }

  /**
   * Lets a processor do what concerns nobody else, up to so much: it may go on like that for ever, if only because others
   * have not yet come to the word that it waits for.
   */
  #settle(processor: number): void {
    for (let steps = 0; steps < ALONE; steps++) {
      const state = this.stateOf(processor);
      if (!this.#isLocal(processor, state)) return;
      this.#step(processor, state);
    }
  }

  #isLocal(processor: number, state: LocalState): boolean {
    switch (state.kind) {
      case STOP.load:
      case STOP.store:
      case STOP.readModifyWrite:
      case STOP.compareExchange:
        if (this.cells.concernsShared(state.address, state.size)) return false;
        if (this.buffers?.mustDrain(processor, state)) return false;
        // Its repair, and who looks at the end, notice whether it wrote before it died.
        return state.kind === STOP.load || !this.#mayDie(processor);
      case STOP.fence:
        return !this.buffers?.mustDrain(processor, state);
      case STOP.memorySize:
      case STOP.memoryGrow:
        return true;
      case STOP.call:
        return this.instructions.isLocal(state);
      default:
        return false;
    }
  }

  /** Notes an access, and whether it wrote, be it what was there. */
  #touch(processor: number, { address, size }: LocalState, wrote: boolean): void {
    const { cells } = this;
    cells.touch(processor, address, size, wrote);
    const last = (address + size - 1) >>> 2;
    for (let word = address >>> 2; word <= last; word++) {
      const cell = cells.ofWord(word);
      if (cells.isShared(cell)) this.effects.push(2 * cell + (wrote ? 1 : 0));
    }
  }

  #load(processor: number, state: LocalState): void {
    this.cells.load(state.address, state.size);
    this.buffers?.forward(processor, state);
  }

  /** memory.atomic.wait: looks and falls asleep in one step; whether it goes on. */
  #wait(processor: number, state: LocalState): boolean {
    const { cells } = this;
    this.#touch(processor, state, false);
    cells.load(state.address, state.size);
    if (cells.low === state.low && cells.high === state.high) {
      this.#sleepers.add(state.address, processor);
      this.#line?.changed(processor);
      return false;
    }
    this.#line?.turnedBack(processor);
    this.#goOn(processor, state, 1, 0);
    return true;
  }

  #timeOut(processor: number): void {
    const state = this.stateOf(processor);
    this.#sleepers.remove(state.address, processor);
    this.#goOn(processor, state, 2, 0);
    this.#settle(processor);
  }

  #mayDie(processor: number): boolean {
    return this.#dead?.mayAdd(processor) === true;
  }

  /** A processor stops between two accesses, also while it sleeps, and begins its repair. What it stored stays stored. */
  #die(processor: number): void {
    if (this.isAsleep(processor)) this.#sleepers.remove(this.stateOf(processor).address, processor);
    this.#line?.left(processor);
    this.#become(processor, this.#dead!.add(processor));
    this.#settle(processor);
  }

  /** memory.atomic.notify: wakes those who sleep at the address, first come, first served. */
  #notify(state: LocalState): void {
    const { cells } = this;
    const woken = this.#sleepers.wake(state.address, state.low >>> 0);
    for (const sleeper of woken) {
      this.woken.push(sleeper);
      this.#goOn(sleeper, this.stateOf(sleeper), 0, 0);
      this.#settle(sleeper);
    }
    cells.low = woken.length;
    cells.high = 0;
  }
}

/** A length of 0 would give the array's storage away, to be allocated again. */
function clear(list: number[]): void {
  while (list.length > 0) list.pop();
}
