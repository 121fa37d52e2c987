/** The checked machine: a program's own bytes through every schedule. */
import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import type { Value } from "../../processor/processors.js";
import type { Program } from "../../program/program.js";
import { boundPreemptions } from "./bounded.js";
import { Shared } from "./cells.js";
import { prepare, type Subject } from "./exploration.js";
import { defaultLimit, Exceeded } from "./kept.js";
import { type Call, CheckError } from "./loading.js";
import type { Order } from "./order.js";
import { MOST_DEPTH, RandomExecutions } from "./random.js";
import { shortest } from "./shortest.js";
import { Found, States } from "./states.js";
import type { Buffered } from "./store-buffers.js";
import { Subtrees, type SubtreesOptions } from "./subtrees.js";
import type { Model } from "./system-options.js";
import { retrace, type Step } from "./trace.js";
import type { ViolationKind } from "./violation.js";
import { wrongAfter } from "./watch.js";

export { maximumProcessors } from "./exploration.js";
export type { Order } from "./order.js";
export type { Buffered } from "./store-buffers.js";
export type { Model } from "./system-options.js";
export type { Step } from "./trace.js";
export type { ViolationKind } from "./violation.js";
export { type Call, CheckError, MOST_DEPTH };

/**
 * How a program is explored. `executions`: one execution of each Mazurkiewicz trace, without a memory of states; all must
 * end. `states`: each state once, so that states must be finite and fit into memory. No proofs: `bounded`, all executions
 * with few preemptions, by states; `random`, some executions.
 */
export type Mode = "executions" | "states" | "bounded" | "random";

/**
 * Processors that may die at any step, also while they sleep, as threads that are terminated between two of their accesses.
 * Whoever dies has executed what it had, and no more: what it stored stays, it sleeps no longer, and a notify that woke it
 * is lost. An operation of a history that it had not returned from may have taken effect or not.
 *
 * Then, at any time, it executes `entry`: a guardian's repair, on an instance as it was at first, before `init`. When that
 * returns, the processor has ended. It may also die after the last access of its own entry, as if that had not returned yet.
 * Nobody dies twice. A death is no way on: where all who are left wait for ever it is a deadlock, whoever could still die.
 */
export interface Deaths {
  /** An exported function, given the number of the processor that has died: `(processor: i32)`. */
  readonly entry: string;
  /** Who may die. Default: all. */
  readonly processors?: readonly number[];
  /** How many die at most, from 1 on. Default: 1. */
  readonly most?: number;
}

export interface CheckOptions {
  /** 1 to 10, random: 1 to 64; default: one for each of `entries`. */
  readonly processors?: number;
  /** The exported function that every processor executes, or one for each. */
  readonly entries: string | readonly string[];
  /** Given to each of them. */
  readonly arguments?: readonly (number | bigint)[];
  /** The memory that the program finds, which it does not change; a new one if none is given. */
  readonly memory?: WebAssembly.Memory;
  /** Executed by processor 0 alone, before all others. */
  readonly init?: Call;
  /** Instructions that `init` executes at most, before it counts as one that does not end. Default: 1,000,000,000. */
  readonly initLimit?: number;
  /** Who may die. Default: nobody. */
  readonly deaths?: Deaths;
  /** Executed between any two steps; it must return, and not 0. */
  readonly invariant?: Call;
  /** Executed when all have ended; it must return, and not 0. */
  readonly final?: Call;
  /** Default: executions; states if there is an invariant, an order, deaths, pauses or an `onVisit`: executions leave steps out. */
  readonly mode?: Mode;
  /**
   * An exported function `(operation: i32, argument: i32) -> i32` that executes one operation of a sequential object, on a
   * memory of its own, and returns its result, or calls `fail` where the operation cannot take place. Operations are what
   * the program marks: `mark(0x10000 + operation, argument)` invokes one, `mark(0xffff, result)` returns from it. Every
   * history must be linearizable.
   */
  readonly specification?: string;
  /** bounded: the most preemptions of an execution, from 0 on. Default: 2. */
  readonly preemptions?: number;
  /** random: how many, from 1 on. Default: 10,000. */
  readonly executions?: number;
  /** random: how many ordered pairs of steps suffice for the bugs that are looked for, 1 to 1,000. Default: 3. */
  readonly depth?: number;
  /** random: a 32-bit word; the same executions for the same one. Default: 1. */
  readonly seed?: number;
  /** Default: sc. */
  readonly model?: Model;
  /** tso: which stores wait in store buffers. Default: plain ones. */
  readonly buffered?: Buffered;
  /** Who must be served first: whether that is so is checked, if it is given. */
  readonly order?: Order;
  /** Whether a loop that looks at one word until it changes must `pause` or `work`. Default: false. */
  readonly pauses?: boolean;
  /** Whether data races are violations, under sc. Default: true. */
  readonly races?: boolean;
  /**
   * Called for every state, or execution, in which all have ended, with the memory that it left, which is valid during the
   * call. What it returns says what is wrong.
   */
  readonly onEnd?: (end: End) => string | undefined;
  /**
   * Called, at least once, with each number n of which an execution calls `mark(0xfffe, n)`, also before it begins and
   * after it ends: the places of the program that were executed. Such a mark is no step. Not by executions, whose threads
   * cannot tell.
   */
  readonly onVisit?: (place: number) => void;
  /** executions: threads that explore, 1 to 1,024; one if there is an `onEnd`. Default: one for each core. */
  readonly workers?: number;
  /**
   * Bytes that are kept of what was explored, at most, by all threads together. Default: half of the computer's memory, or
   * of the container's. V8's heap has a limit of its own.
   */
  readonly memoryLimit?: number;
  /** Ends the exploration early: its promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called some times a second, with what was explored so far. */
  readonly progress?: (covered: Covered) => void;
}

/** A state in which all have ended. */
export interface End {
  /** What the entry points returned, by processor; nothing, `[]`, of those that died. */
  readonly results: readonly (readonly Value[])[];
  readonly memory: WebAssembly.Memory;
}

/** What was explored. */
export interface Covered {
  /** executions: those that came to their end, each of another trace. random: those that did. Else 0. */
  readonly executions: number;
  /** executions: those that were given up, because they would have repeated others. random: because they did not end. */
  readonly blocked: number;
  /** states: different ones. Else 0. */
  readonly states: number;
  /** Transitions taken: shared accesses, each with what its processor does up to the next. */
  readonly steps: number;
  /** Transitions of the longest execution, or on the shortest way to the farthest state. */
  readonly depth: number;
  /** states: different ones in which all had ended. */
  readonly ends: number;
  /** Pairs of accesses that might have been a data race. */
  readonly races: number;
  readonly seconds: number;
}

/** Something wrong, and how to get there. */
export interface Violation {
  readonly kind: ViolationKind;
  readonly message: string;
  /**
   * Transitions: p is a step of processor p; of P processors, P + p the oldest store in p's buffer, 2 P + p its timeout,
   * 3 P + p its death.
   */
  readonly schedule: readonly number[];
  /** livelock: how many of the last transitions can be taken again and again; else 0. */
  readonly repeated: number;
  /** The words that count as shared: a schedule's steps are from one of their accesses to the next. */
  readonly shared: readonly number[];
  readonly steps: readonly Step[];
}

export interface Verdict extends Covered {
  /** Undefined if there is none. */
  readonly violation: Violation | undefined;
}

const NOTHING = { executions: 0, blocked: 0, states: 0, steps: 0, depth: 0, ends: 0, races: 0 };

/** Threads that explore, at most. */
export const MOST_WORKERS = 1024;

/** Host milliseconds after which other work of this thread gets its turn. */
const SLICE = 50;

/**
 * Explores a program. Works in the calling thread, where other work gets its turn some times a second, and, if it takes
 * more than a second by executions, in others.
 *
 * @throws {UnexploredError} if what is to be kept needs more memory than it may: nothing is proven then
 * @throws {CheckError} if a start function or `init` fails, an execution has no end, or executions are to see an
 *   invariant, an order, deaths or pauses; the signal's reason when aborted
 * @throws {RangeError} if an option is out of its range
 * @throws {Error} if the program cannot be loaded, or imports more than machine instructions
 */
export async function check(program: Program, options: CheckOptions): Promise<Verdict> {
  expectOptions(options);
  options.signal?.throwIfAborted();
  const begin = performance.now();
  const subject = prepareWithin(program, options);
  const { system } = subject;
  const exploration = explorationOf(program, subject, options);
  const covered = (): Covered => ({
    ...NOTHING,
    ...exploration.found,
    seconds: (performance.now() - begin) / 1000,
  });
  try {
    let sliceEnd = performance.now() + SLICE;
    for await (const _ of exploration.explore()) {
      if (performance.now() < sliceEnd) continue;
      options.progress?.(covered());
      await setImmediate();
      options.signal?.throwIfAborted();
      sliceEnd = performance.now() + SLICE;
    }
    return { ...covered(), violation: undefined };
  } catch (error) {
    if (error instanceof Exceeded) throw new UnexploredError(program.name, needsOf(error, options), covered());
    if (!(error instanceof Found)) throw error;
    // What is still to be computed, of one schedule, is bounded.
    system.local.kept.lift();
    const way = exploration instanceof Subtrees ? shortest(system, subject.watch, error) : { found: error, system };
    const { violated, schedule, repeated } = way.found;
    const { kind, message } = violated;
    const shared = way.system.cells.sharedAddresses();
    const { steps } = retrace(way.system.fresh(), schedule);
    return { ...covered(), violation: { kind, message, schedule, repeated, shared, steps } };
  }
}

/** @throws {UnexploredError} if its first state needs more memory than it may */
function prepareWithin(program: Program, options: CheckOptions): Subject {
  try {
    return prepare(program, { ...options, memoryLimit: limitOfThread(options) });
  } catch (error) {
    if (!(error instanceof Exceeded)) throw error;
    throw new UnexploredError(program.name, needsOf(error, options), { ...NOTHING, seconds: 0 });
  }
}

function needsOf({ needs }: Exceeded, options: CheckOptions): string {
  const threads = threadsOf(options);
  return threads === 1 ? needs : `${needs} in one of ${threads} threads`;
}

/** An exploration that did not come to its end, because it would have kept too much. What it had explored violates nothing. */
export class UnexploredError extends Error {
  override readonly name = "UnexploredError";
  readonly covered: Covered;

  /** @param needs what its states need: "more than 512 MiB" */
  constructor(program: string, needs: string, covered: Covered) {
    super(
      `Cannot explore ${program} to its end: its states need ${needs}; expected fewer states, or a larger memory limit`,
    );
    this.covered = covered;
  }
}

/** A way through a program: a violation has one. */
export type Schedule = Pick<Violation, "schedule" | "repeated" | "shared">;

/**
 * Executes one schedule of a program. Says what is wrong at its end, undefined if nothing is; of a livelock, whether its
 * last transitions lead back to where they began, and keep nobody from going on.
 *
 * @throws {RangeError} if it is no schedule of the program
 * @throws {Error} if the program cannot be loaded
 */
export function replay(program: Program, options: CheckOptions, way: Schedule): Violation | undefined {
  const { schedule, repeated, shared } = way;
  // As many processors as the mode has that takes most.
  const { system, watch } = prepare(program, { ...options, mode: "random" });
  for (const address of shared) system.cells.shareCell(system.cells.ofWord(address >>> 2));
  try {
    const { steps, violated = wrongAfter(system, watch, schedule, repeated) } = retrace(system, schedule);
    return violated && { kind: violated.kind, message: violated.message, ...way, steps };
  } catch (error) {
    if (!(error instanceof Shared)) throw error;
    throw new RangeError(
      `Cannot replay: received ${shared.length} shared words; expected that 0x${error.address.toString(16)} is one of them`,
    );
  }
}

/** An exploration under way. */
interface Exploration {
  readonly found: Partial<Covered>;
  explore(): Iterable<void> | AsyncIterable<void>;
}

/** @throws {RangeError} for an option that is out of its range */
function expectOptions(options: CheckOptions): void {
  for (const [option, least, most] of [
    ["preemptions", 0, Number.POSITIVE_INFINITY],
    ["executions", 1, Number.POSITIVE_INFINITY],
    ["depth", 1, MOST_DEPTH],
    ["workers", 1, MOST_WORKERS],
    ["memoryLimit", 1, Number.POSITIVE_INFINITY],
    ["initLimit", 1, Number.POSITIVE_INFINITY],
  ] as const) {
    const { [option]: value = least } = options;
    if (Number.isInteger(value) && value >= least && value <= most) continue;
    const range = Number.isFinite(most) ? `from ${least} to ${most}` : `from ${least} on`;
    throw new RangeError(`Cannot check: received ${option} ${value}; expected a whole number ${range}`);
  }
  for (const [option, words] of [
    ["mode", ["executions", "states", "bounded", "random"]],
    ["model", ["sc", "tso"]],
    ["buffered", ["plain", "all"]],
  ] as const) {
    const word: string | undefined = options[option];
    if (word === undefined || words.some((each) => each === word)) continue;
    throw new RangeError(`Cannot check: received ${option} "${word}"; expected ${words.join(", ")}`);
  }
}

function explorationOf(program: Program, { system, watch }: Subject, options: CheckOptions): Exploration {
  const { preemptions = 2 } = options;
  const every = needsStates(options);
  const mode = modeOf(options);
  if (every !== undefined && mode === "executions") {
    throw new CheckError(
      `Cannot check ${program.name}: received ${every} and mode executions; expected mode states, which sees each of them`,
    );
  }
  switch (mode) {
    case "executions":
      return new Subtrees(system, watch, subtreesOf(program, options));
    case "states":
      return new States(system, watch);
    case "bounded":
      return new States(system, watch, boundPreemptions(preemptions));
    case "random":
      return new RandomExecutions(system, watch, options);
  }
}

/** Bytes that each thread of an exploration may keep: all keep their own. */
function limitOfThread(options: CheckOptions): number {
  const { memoryLimit = defaultLimit() } = options;
  return Math.ceil(memoryLimit / threadsOf(options));
}

function threadsOf(options: CheckOptions): number {
  const { workers = availableParallelism(), onEnd } = options;
  return modeOf(options) === "executions" && !onEnd ? workers : 1;
}

function modeOf(options: CheckOptions): Mode {
  return options.mode ?? (needsStates(options) === undefined ? "executions" : "states");
}

/** What of the options executions cannot be asked, as they leave steps out, or are explored by other threads. */
function needsStates({ invariant, order, deaths, pauses, onVisit }: CheckOptions): string | undefined {
  if (invariant) return "an invariant";
  if (order) return "an order";
  if (deaths) return "deaths";
  if (pauses) return "pauses";
  return onVisit ? "onVisit" : undefined;
}

/** Functions cannot be given to other threads; what else there is can. */
function subtreesOf(program: Program, options: CheckOptions): SubtreesOptions {
  const { onEnd, signal: _, progress: __, workers, ...rest } = options;
  const memoryLimit = limitOfThread(options);
  return { workers, exploration: onEnd ? undefined : { program, options: { ...rest, memoryLimit } } };
}
