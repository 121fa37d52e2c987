/**
 * What a processor can be in between two accesses, and how one follows from another: register code as an automaton that
 * becomes known while it is explored. A processor's next state depends on nothing but its state and what its access
 * finds, so that each such pair is interpreted once, however many schedules come through it.
 */
import { host } from "#host";
import { type Processors, STOP, type Value } from "../../../processor/processors.js";
import {
  type Effect,
  INSTRUCTIONS,
  type StoppingInstruction,
  stoppingInstruction,
} from "../../../program/instructions.js";
import type { Location } from "../../../wasm/locations.js";
import { Exceeded, type Kept } from "./kept.js";

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
  /** All of the processor's state; see Processors.save. */
  readonly context: Uint8Array;
  /** Whether it comes back to itself, for some result, without a pause. */
  restless = false;
  /** What comes after a result, by its lower and its upper half. */
  readonly #next = new Map<number, Map<number, LocalState>>();
  // The result that was asked for last, for most have one or two.
  #low = 0;
  #high = 0;
  #after: LocalState | undefined;

  constructor(
    number: number,
    kind: number,
    { stop, code }: Processors,
    parameters: readonly Value[],
    trap: string,
    context: Uint8Array,
  ) {
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
    this.arguments = parameters.map((value) => Number(value) >>> 0);
    this.trap = trap;
    this.context = context;
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
    const after = this.#next.get(low)?.get(high);
    if (after !== undefined) this.#keep(low, high, after);
    return after;
  }

  learn(low: number, high: number, after: LocalState): void {
    let byHigh = this.#next.get(low);
    if (byHigh === undefined) {
      byHigh = new Map();
      this.#next.set(low, byHigh);
    }
    byHigh.set(high, after);
    this.#keep(low, high, after);
  }

  #keep(low: number, high: number, after: LocalState): void {
    this.#low = low;
    this.#high = high;
    this.#after = after;
  }
}

/** Bytes of V8's heap that a local state takes, beside its contents, and a result after which another one comes. */
const STATE_BYTES = 1200;
const RESULT_BYTES = 200;
/** Results that take some tens of host milliseconds, if each is interpreted. */
const MANY_RESULTS = 1 << 12;
/** The entries that a Map of V8 has at most are some more. */
const MOST_STATES = 2 ** 24 - 2;

/** The local states of a program that are known so far. */
export class LocalStates {
  /** Counts what is kept of the exploration, these states among it. */
  readonly kept: Kept;
  readonly #processors: Processors;
  readonly #byContent = new Map<string, LocalState>();
  readonly #states: LocalState[] = [];
  #computedLong = false;
  /** Results since the last `computedLong`. */
  #results = 0;

  /** The processors' own states are lost: they are where others' are put to be interpreted. */
  constructor(processors: Processors, kept: Kept) {
    this.#processors = processors;
    this.kept = kept;
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
    this.#processors.restore(0, state.context);
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

  /** What the entry point returned, of a state that is at its end. */
  results(state: LocalState): Value[] {
    this.#processors.restore(0, state.context);
    return this.#processors.results(0);
  }

  #intern(processor: number, kind: number): LocalState {
    const processors = this.#processors;
    if (kind === STOP.budget) this.#computedLong = true;
    const parameters = kind === STOP.call ? processors.arguments(processor) : [];
    if (kind !== STOP.trap) processors.forget(processor);
    const context = processors.save(processor);
    const trap = kind === STOP.trap ? processors.trapMessage(processor) : "";
    const candidate = new LocalState(this.#states.length, kind, processors, parameters, trap, context);
    const content = contentOf(candidate);
    const known = this.#byContent.get(content);
    if (known !== undefined) return known;
    if (this.#states.length === MOST_STATES) throw new Exceeded(`more than ${MOST_STATES} states of one processor`);
    // The contents are there twice: as bytes, and as the key's text in V8's heap.
    this.kept.take(2 * content.length + STATE_BYTES, content.length + STATE_BYTES);
    this.#byContent.set(content, candidate);
    this.#states.push(candidate);
    return candidate;
  }
}

/** The same text for equal states: what the stop says is in the context only as far as the interpreter needs it. */
function contentOf(state: LocalState): string {
  const { kind, address, size, low, high, low2, high2, pc, arguments: parameters, context } = state;
  return `${kind},${address},${size},${low},${high},${low2},${high2},${pc},${parameters},${host.textOf(context)}`;
}
