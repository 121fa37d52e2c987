/**
 * What a processor can be in between two accesses, and how one follows from another: register code as an automaton that
 * becomes known while it is explored. A processor's next state depends on nothing but its state and what its access
 * finds, so that each such pair is interpreted once, however many schedules come through it.
 */
import { type Processors, STOP, type Value } from "../../../processor/processors.js";
import {
  type Effect,
  INSTRUCTIONS,
  type StoppingInstruction,
  stoppingInstruction,
} from "../../../program/instructions.js";
import type { Location } from "../../../wasm/locations.js";
import { Exceeded, type Kept } from "./kept.js";
import { Vectors } from "./vectors.js";

/** Words of a state's contents before the arguments. */
const HEAD = 8;
const NONE: readonly number[] = [];

/** A processor that stopped, with all of its state. Two are the same object if they are equal. */
export class LocalState {
  /** Dense, from 0. */
  readonly number: number;
  /** Why it stopped, one of STOP; the fields up to `pc` are of the kinds that LastStop says. */
  readonly kind: number;
  readonly address: number;
  readonly size: number;
  readonly atomic: boolean;
  readonly operator: number;
  readonly low: number;
  readonly high: number;
  readonly low2: number;
  readonly high2: number;
  readonly pc: number;
  /** call: the machine instruction. */
  readonly instruction: StoppingInstruction | undefined;
  /** call: as unsigned words. */
  readonly arguments: readonly number[];
  /** trap: why, where. */
  readonly trap: string;
  /** Whether it comes back to itself, for some result, without a pause. */
  restless = false;
  // The result that was asked for last, and what comes after it: most have no other.
  #low = 0;
  #high = 0;
  #after: LocalState | undefined;
  /** What comes after a result, by its lower and its upper half; undefined before there are two. */
  #next: Map<number, Map<number, LocalState>> | undefined;

  constructor(number: number, kind: number, { stop, code }: Processors, parameters: readonly number[], trap: string) {
    this.number = number;
    this.kind = kind;
    const accesses = kind <= STOP.notify;
    this.address = accesses ? stop.address : 0;
    this.size = accesses ? stop.size : 0;
    this.atomic = accesses && (kind >= STOP.wait || stop.atomic);
    this.operator = kind === STOP.readModifyWrite ? stop.operator : 0;
    this.low = accesses && kind !== STOP.load ? stop.low : 0;
    this.high = accesses && kind !== STOP.load ? stop.high : 0;
    const two = kind === STOP.compareExchange || kind === STOP.wait;
    this.low2 = two ? stop.low2 : 0;
    this.high2 = two ? stop.high2 : 0;
    this.pc = stop.pc;
    this.instruction = kind === STOP.call ? stoppingInstruction(code.module, stop.import) : undefined;
    this.arguments = parameters;
    this.trap = trap;
  }

  /** Whether it waits, in memory.atomic.wait, for a time that ends. */
  get timed(): boolean {
    return this.high2 >= 0;
  }

  /** call: what others notice of the instruction. */
  get effect(): Effect | undefined {
    return this.instruction && INSTRUCTIONS[this.instruction].effect;
  }

  known(low: number, high: number): LocalState | undefined {
    if (this.#after !== undefined && this.#low === low && this.#high === high) return this.#after;
    const after = this.#next?.get(low)?.get(high);
    if (after !== undefined) this.#keep(low, high, after);
    return after;
  }

  /** Of a result that is not known. */
  learn(low: number, high: number, after: LocalState): void {
    if (this.#after !== undefined) {
      if (this.#next === undefined) {
        this.#next = new Map();
        this.#add(this.#low, this.#high, this.#after);
      }
      this.#add(low, high, after);
    }
    this.#keep(low, high, after);
  }

  #add(low: number, high: number, after: LocalState): void {
    const byHigh = this.#next!.get(low);
    if (byHigh === undefined) this.#next!.set(low, new Map([[high, after]]));
    else byHigh.set(high, after);
  }

  #keep(low: number, high: number, after: LocalState): void {
    this.#low = low;
    this.#high = high;
    this.#after = after;
  }
}

/** Bytes of V8's heap that a local state takes, beside its contents, and a result after which another one comes. */
const STATE_BYTES = 240;
const RESULT_BYTES = 240;
/** Results that take some tens of host milliseconds, if each is interpreted. */
const MANY_RESULTS = 1 << 12;
/** The entries that a Map of V8 has at most are some more. */
const MOST_STATES = 2 ** 24 - 2;

/** The local states of a program that are known so far. */
export class LocalStates {
  /** Counts what is kept of the exploration, these states among it. */
  readonly kept: Kept;
  readonly #processors: Processors;
  /**
   * By number, what makes a state: its kind, what its stop says, HEAD words; the arguments, if it is a call; its context.
   * Equal states have one number.
   */
  readonly #contents: Vectors;
  readonly #states: LocalState[] = [];
  /** Contents that are looked up. */
  #words = new Int32Array(1 << 8);
  #computedLong = false;
  /** Results since the last `computedLong`. */
  #results = 0;

  /** The processors' own states are lost: they are where others' are put to be interpreted. */
  constructor(processors: Processors, kept: Kept) {
    this.#processors = processors;
    this.kept = kept;
    this.#contents = new Vectors(kept);
  }

  get count(): number {
    return this.#states.length;
  }

  /** Whether, since the last call, a processor computed until it was stopped, or had many results: that takes host time. */
  computedLong(): boolean {
    const computed = this.#computedLong || this.#results >= MANY_RESULTS;
    if (computed) this.#results = 0;
    this.#computedLong = false;
    return computed;
  }

  at(number: number): LocalState {
    return this.#states[number]!;
  }

  /** The state of a processor that is about to execute its next instruction, at its first stop. */
  begin(processor: number): LocalState {
    const kind = this.#processors.run(processor, 0, 0);
    return this.#intern(processor, kind);
  }

  /** What follows when the access, or the instruction, of a state has that result; see Processors.run. */
  after(state: LocalState, low: number, high: number): LocalState {
    this.#results++;
    const known = state.known(low, high);
    if (known !== undefined) return known;
    this.#processors.restore(0, this.contextOf(state));
    const after = this.#intern(0, this.#processors.run(0, low, high));
    this.kept.take(RESULT_BYTES, RESULT_BYTES);
    state.learn(low, high, after);
    if (after === state && this.#processors.stop.delay === 0) state.restless = true;
    return after;
  }

  /** Where the instruction is at which a processor in that state stopped. */
  locationOf(state: LocalState): Location {
    return this.#processors.locationAt(0, state.pc);
  }

  /** The same for people: `in acquire (lock.c:12)`. */
  placeOf(state: LocalState): string {
    const { function: name, file, line } = this.locationOf(state);
    return `in ${name}${file === undefined ? "" : ` (${file}:${line})`}`;
  }

  /** All of the state of the processor; see Processors.save. To be read before another state becomes known. */
  contextOf({ number, arguments: { length } }: LocalState): Int32Array {
    return this.#contents.from(number, HEAD + length);
  }

  /** What the entry point returned, of a state that is at its end. */
  results(state: LocalState): Value[] {
    this.#processors.restore(0, this.contextOf(state));
    return this.#processors.results(0);
  }

  #intern(processor: number, kind: number): LocalState {
    const processors = this.#processors;
    if (kind === STOP.budget) this.#computedLong = true;
    const parameters = kind === STOP.call ? processors.arguments(processor).map((value) => Number(value) >>> 0) : NONE;
    if (kind !== STOP.trap) processors.forget(processor);
    const length = this.#describe(processor, kind, parameters);
    // After that: it may have made `#words` anew.
    const number = this.#contents.numberOf(this.#words, length);
    const known = this.#states[number];
    if (known !== undefined) return known;
    if (number === MOST_STATES) throw new Exceeded(`more than ${MOST_STATES} states of one processor`);
    this.kept.take(STATE_BYTES, STATE_BYTES);
    const trap = kind === STOP.trap ? processors.trapMessage(processor) : "";
    const state = new LocalState(number, kind, processors, parameters, trap);
    this.#states.push(state);
    return state;
  }

  /** Writes to `#words` what makes the state of a processor; how many words that is. */
  #describe(processor: number, kind: number, parameters: readonly number[]): number {
    const processors = this.#processors;
    const context = HEAD + parameters.length;
    const length = context + processors.savedLength(processor);
    if (length > this.#words.length) this.#words = new Int32Array(2 * length);
    const words = this.#words;
    const { stop } = processors;
    words[0] = kind;
    words[1] = stop.pc;
    // What the stop says else is in the context as far as the interpreter needs it, and as far as a trap shows it.
    words.fill(0, 2, HEAD);
    if (kind <= STOP.notify) {
      words[2] = stop.address;
      words[3] = stop.size;
      if (kind !== STOP.load) {
        words[4] = stop.low;
        words[5] = stop.high;
      }
      if (kind === STOP.compareExchange || kind === STOP.wait) {
        words[6] = stop.low2;
        words[7] = stop.high2;
      }
    }
    for (let i = 0; i < parameters.length; i++) words[HEAD + i] = parameters[i]!;
    processors.saveTo(processor, words, context);
    return length;
  }
}
