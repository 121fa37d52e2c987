/**
 * A program's processors and memory in one state, and the transitions that lead to others.
 *
 * A transition is one access of shared memory, or one instruction that others notice, and then all that the processor does
 * up to its next one: what it computes, and its accesses of words that are its alone, commute with all that others do
 * (virtual coarsening).
 *
 * Under total store order (Owens, Sarkar & Sewell, TPHOLs 2009: x86-TSO) a store goes into its processor's buffer, from which
 * its own loads read and another transition takes the oldest one to memory; read-modify-writes, fences, wait and notify
 * happen when the buffer is empty.
 */
import { STOP } from "../../processor/stop.js";
import type { Location, Locations } from "../../wasm/locations.js";
import type { Cells } from "./cells.js";
import type { History } from "./history.js";
import type { LocalState, LocalStates } from "./local-states.js";
import { Line, type Order } from "./order.js";
import { Sequences } from "./sequences.js";
import { formatValue, type Symbols } from "./symbols.js";
import { Violated } from "./violation.js";

/** The memory models. */
export type Model = "sc" | "tso";

/** Which stores wait in the buffer, under tso. */
export type Buffered = "plain" | "all";

export interface SystemOptions {
  readonly model: Model;
  readonly buffered: Buffered;
  /** Each processor's first local state. */
  readonly begin: readonly LocalState[];
  readonly local: LocalStates;
  readonly locations: Locations;
  readonly cells: Cells;
  readonly failureName: (reason: number) => string;
  readonly symbols: Symbols;
  /** Where what the processors invoke and return is recorded, if it is. */
  readonly history?: History | undefined;
  readonly order?: Order | undefined;
  /** Whether a loop that looks at one word until it changes must pause. Default: false. */
  readonly pauses?: boolean | undefined;
}

/** What a processor says with `mark`. */
export interface Mark {
  readonly processor: number;
  readonly event: number;
  readonly value: number;
}

/** A store in a buffer takes that many words: address, size, value's halves. */
const ENTRY = 4;
/** The most stores in a buffer: more than real ones hold would only make loops that store without end. */
export const STORE_BUFFER = 32;
/** The most accesses of a processor's own words in one transition. */
const ALONE = 1000;
const EMPTY: readonly number[] = [];

export class System {
  readonly processors: number;
  readonly cells: Cells;
  readonly local: LocalStates;
  readonly model: Model;
  readonly sequences = new Sequences();
  /** What the last transition touched of cells that are shared: its number * 2, + 1 if it wrote. */
  readonly effects: number[] = [];
  /** Processors that the last transition woke. */
  readonly woken: number[] = [];
  /** What the access of the last transition found. */
  low = 0;
  high = 0;
  /** Called for each mark. */
  onMark: ((mark: Mark) => void) | undefined;
  readonly #options: SystemOptions;
  readonly #line: Line | undefined;

  constructor(options: SystemOptions) {
    this.#options = options;
    this.processors = options.begin.length;
    this.cells = options.cells;
    this.local = options.local;
    this.model = options.model;
    this.#line = options.order && new Line(options.order, this.cells, this.sequences, this.effects);
  }

  /** The same program before its begin, with the same words shared, and nothing else known of it. */
  fresh(): System {
    return new System({ ...this.#options, cells: this.cells.fresh() });
  }

  /** How many transitions have a number: each processor's next step, then each one's flush, then each one's timeout. */
  get transitions(): number {
    return 3 * this.processors;
  }

  /** The processor that a transition is of. */
  processorOf(transition: number): number {
    return transition % this.processors;
  }

  isFlush(transition: number): boolean {
    return transition >= this.processors && transition < 2 * this.processors;
  }

  isTimeout(transition: number): boolean {
    return transition >= 2 * this.processors;
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
      if (this.stateOf(p).kind !== STOP.returned || this.#bufferOf(p).length > 0) return false;
    }
    return true;
  }

  isAsleep(processor: number): boolean {
    const state = this.stateOf(processor);
    return state.kind === STOP.wait && this.#queueAt(state.address).includes(processor);
  }

  isEnabled(transition: number): boolean {
    const processor = this.processorOf(transition);
    if (this.isFlush(transition)) return this.#bufferOf(processor).length > 0;
    if (this.isTimeout(transition)) return this.isAsleep(processor) && this.stateOf(processor).timed;
    const state = this.stateOf(processor);
    switch (state.kind) {
      case STOP.returned:
      case STOP.trap:
        return false;
      case STOP.store:
        if (this.isBuffered(state)) return this.#bufferOf(processor).length < ENTRY * STORE_BUFFER;
        break;
      case STOP.wait:
        if (this.isAsleep(processor)) return false;
        break;
      case STOP.call:
        if (state.instruction === "mark") return true;
        return state.instruction !== "receive" || this.#hasMessage(state.arguments[0]!, processor);
    }
    return !this.#mustDrain(processor, state);
  }

  /** Whether a transition is a step that happens when its processor's store buffer is empty. */
  drains(transition: number): boolean {
    return this.model === "tso" && transition < this.processors && this.#drains(this.stateOf(transition));
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
    const buffer = this.#bufferOf(processor);
    for (let entry = 0; entry < buffer.length; entry += ENTRY) {
      const at = buffer[entry]! >>> 0;
      if (at >>> 2 <= address >>> 2 && (at + buffer[entry + 1]! - 1) >>> 2 >= address >>> 2) return false;
    }
    return this.spins(processor);
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
   * @throws {Shared} if it makes known that one more word is shared
   */
  execute(transition: number): void {
    this.effects.length = 0;
    this.woken.length = 0;
    const processor = this.processorOf(transition);
    if (this.isFlush(transition)) {
      this.#flush(processor);
    } else if (this.isTimeout(transition)) {
      this.#timeOut(processor);
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
        this.#touch(processor, state, false, false);
        this.#load(processor, state);
        break;
      case STOP.store:
        if (this.isBuffered(state)) {
          // Nobody notices before it leaves the buffer.
          cells.touch(processor, state.address, state.size, true);
          this.#setBuffer(processor, [...this.#bufferOf(processor), state.address, state.size, state.low, state.high]);
        } else {
          this.#touch(processor, state, true, true);
          cells.store(state.address, state.size, state.low, state.high);
        }
        cells.low = cells.high = 0;
        break;
      case STOP.readModifyWrite:
      case STOP.compareExchange: {
        const { mark } = cells;
        cells.perform(state.kind, state);
        const stored = cells.low === state.low && cells.high === state.high;
        this.#touch(processor, state, state.kind === STOP.readModifyWrite || stored, cells.mark > mark);
        this.#line?.changed(processor);
        break;
      }
      case STOP.wait:
        return this.#wait(processor, state);
      case STOP.notify:
        this.#notify(state);
        break;
      case STOP.call:
        this.#call(processor, state);
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
      throw new Violated("pause", `processor ${processor} waits without a pause ${this.placeOf(state)}`);
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
        return !this.cells.concernsShared(state.address, state.size) && !this.#mustDrain(processor, state);
      case STOP.fence:
        return !this.#mustDrain(processor, state);
      case STOP.memorySize:
      case STOP.memoryGrow:
        return true;
      case STOP.call:
        if (state.instruction === "mark") return !this.#options.history?.records(state.arguments[0]!);
        return state.instruction !== "send" && state.instruction !== "receive";
      default:
        return false;
    }
  }

  /** Notes an access: whether it is one that may write, and whether it wrote. */
  #touch(processor: number, { address, size }: LocalState, writes: boolean, wrote: boolean): void {
    const { cells } = this;
    cells.touch(processor, address, size, writes);
    const last = (address + size - 1) >>> 2;
    for (let word = address >>> 2; word <= last; word++) {
      const cell = cells.ofWord(word);
      if (cells.isShared(cell)) this.effects.push(2 * cell + (wrote ? 1 : 0));
    }
  }

  /** What a load finds: memory, and over it, byte by byte, what its processor's buffer holds. */
  #load(processor: number, { address, size }: LocalState): void {
    const { cells } = this;
    cells.load(address, size);
    const buffer = this.#bufferOf(processor);
    for (let entry = 0; entry < buffer.length; entry += ENTRY) {
      const at = buffer[entry]! >>> 0;
      for (let i = 0; i < buffer[entry + 1]!; i++) {
        const offset = at + i - address;
        if (offset < 0 || offset >= size) continue;
        const byte = (buffer[entry + (i < 4 ? 2 : 3)]! >>> (8 * (i & 3))) & 0xff;
        const shift = 8 * (offset & 3);
        if (offset < 4) cells.low = (cells.low & ~(0xff << shift)) | (byte << shift);
        else cells.high = (cells.high & ~(0xff << shift)) | (byte << shift);
      }
    }
  }

  /** Whether a processor in that state is about to store into its buffer. */
  isBuffered(state: LocalState): boolean {
    if (this.model === "sc" || state.kind !== STOP.store || this.#drains(state)) return false;
    return this.cells.concernsShared(state.address, state.size);
  }

  /** Whether what a processor is about to do happens when its buffer is empty, even to a word that is its alone. */
  #drains({ kind, atomic }: LocalState): boolean {
    if (kind === STOP.store) return atomic && this.#options.buffered === "plain";
    return kind > STOP.store && kind <= STOP.fence;
  }

  #mustDrain(processor: number, state: LocalState): boolean {
    return this.#drains(state) && this.#bufferOf(processor).length > 0;
  }

  /** The store that a processor's flush would take to memory, for people. */
  oldestStore(processor: number): string {
    const [address = 0, size = 0, low = 0, high = 0] = this.#bufferOf(processor);
    return `${this.symbols.address(address >>> 0)} <- ${formatValue(low, size === 8 ? high : 0)}`;
  }

  #bufferOf(processor: number): readonly number[] {
    if (this.model === "sc") return EMPTY;
    return this.sequences.at(this.cells.get(this.cells.ofBuffer(processor)));
  }

  #setBuffer(processor: number, entries: readonly number[]): void {
    this.cells.set(this.cells.ofBuffer(processor), this.sequences.numberOf(entries));
  }

  #flush(processor: number): void {
    const [address = 0, size = 0, low = 0, high = 0, ...rest] = this.#bufferOf(processor);
    this.cells.store(address >>> 0, size, low, high);
    this.#setBuffer(processor, rest);
    const last = ((address >>> 0) + size - 1) >>> 2;
    for (let word = address >>> 2; word <= last; word++) this.effects.push(2 * this.cells.ofWord(word) + 1);
  }

  #queueAt(address: number): readonly number[] {
    return this.sequences.at(this.cells.get(this.cells.ofQueue(address)));
  }

  #setQueue(address: number, queue: readonly number[]): void {
    const cell = this.cells.ofQueue(address);
    this.cells.set(cell, this.sequences.numberOf(queue));
    this.effects.push(2 * cell + 1);
  }

  /** memory.atomic.wait: looks and falls asleep in one step; whether it goes on. */
  #wait(processor: number, state: LocalState): boolean {
    const { cells } = this;
    this.#touch(processor, state, false, false);
    cells.load(state.address, state.size);
    if (cells.low === state.low && cells.high === state.high) {
      this.#setQueue(state.address, [...this.#queueAt(state.address), processor]);
      return false;
    }
    this.#goOn(processor, state, 1, 0);
    return true;
  }

  #timeOut(processor: number): void {
    const state = this.stateOf(processor);
    this.#setQueue(
      state.address,
      this.#queueAt(state.address).filter((sleeper) => sleeper !== processor),
    );
    this.#goOn(processor, state, 2, 0);
    this.#settle(processor);
  }

  /** memory.atomic.notify: wakes those who sleep at the address, first come, first served. */
  #notify(state: LocalState): void {
    const { cells } = this;
    const queue = this.#queueAt(state.address);
    const woken = queue.slice(0, state.low >>> 0);
    if (woken.length > 0) this.#setQueue(state.address, queue.slice(woken.length));
    else this.effects.push(2 * cells.ofQueue(state.address));
    for (const sleeper of woken) {
      this.woken.push(sleeper);
      this.#goOn(sleeper, this.stateOf(sleeper), 0, 0);
      this.#settle(sleeper);
    }
    cells.low = woken.length;
    cells.high = 0;
  }

  /** A machine instruction. The clock stands still: a program that waits for time waits for ever. */
  #call(processor: number, state: LocalState): void {
    const { instruction } = state;
    const [first = 0, second = 0] = state.arguments;
    const { cells } = this;
    switch (instruction) {
      case "fail":
        throw new Violated(
          "failure",
          `processor ${processor}: fail(${this.failureName(first)}) ${this.placeOf(state)}`,
        );
      case "mark":
        this.onMark?.({ processor, event: first, value: second });
        if (this.#options.history?.records(first)) this.#options.history.record(this, processor, first, second);
        this.#line?.marked(processor, first);
        break;
      case "send":
        this.#setChannel(processor, this.#peer(processor, "send to", first), (messages) => [...messages, second]);
        break;
      case "receive": {
        const from = this.#peer(processor, "receive from", first);
        const [message = 0] = this.#channel(from, processor);
        this.#setChannel(from, processor, ([, ...rest]) => rest);
        cells.low = message;
        cells.high = 0;
        return;
      }
    }
    cells.low = cells.high = 0;
  }

  #peer(processor: number, what: string, peer: number): number {
    if (peer < this.processors) return peer;
    throw new Violated(
      "failure",
      `processor ${processor}: cannot ${what} processor ${peer}; expected 0 to ${this.processors - 1}`,
    );
  }

  /** Whether a receive can take place, be it to fail. */
  #hasMessage(from: number, to: number): boolean {
    return from >= this.processors || this.#channel(from, to).length > 0;
  }

  #channel(from: number, to: number): readonly number[] {
    return this.sequences.at(this.cells.get(this.cells.ofChannel(from, to)));
  }

  #setChannel(from: number, to: number, change: (messages: readonly number[]) => readonly number[]): void {
    const cell = this.cells.ofChannel(from, to);
    this.cells.set(cell, this.sequences.numberOf(change(this.#channel(from, to))));
    this.effects.push(2 * cell + 1);
  }

  get symbols(): Symbols {
    return this.#options.symbols;
  }

  /** The name that the program gives a reason of `fail`. */
  failureName(reason: number): string {
    return this.#options.failureName(reason);
  }

  /** Where a processor in that state is. */
  locationOf(state: LocalState): Location {
    const [pc = state.pc] = this.local.where(state);
    return this.#options.locations.at(pc);
  }

  /** The same for people: `in acquire (lock.c:12)`. */
  placeOf(state: LocalState): string {
    const { function: name, file, line } = this.locationOf(state);
    return `in ${name}${file === undefined ? "" : ` (${file}:${line})`}`;
  }

  /** Where all processors are, for people. */
  places(): string[] {
    return Array.from({ length: this.processors }, (_, processor) => {
      const state = this.stateOf(processor);
      if (state.kind === STOP.returned) return `processor ${processor} has ended`;
      const what = state.instruction || (state.kind === STOP.fence ? "a fence" : this.symbols.address(state.address));
      const does = this.isAsleep(processor) ? "sleeps at" : this.spins(processor) ? "spins on" : "is at";
      return `processor ${processor} ${state.kind === STOP.budget ? "computes" : `${does} ${what}`} ${this.placeOf(state)}`;
    });
  }
}
