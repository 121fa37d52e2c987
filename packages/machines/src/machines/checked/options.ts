/** What can be asked of the checked machine. */
import type { Value } from "../../processor/processors.js";
import type { Call } from "./system/loading.js";
import type { Order } from "./system/order.js";
import type { Buffered } from "./system/store-buffers.js";
import type { Model } from "./system/system-options.js";
import type { Visits } from "./system/visits.js";
import type { Covered } from "./verdict.js";

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
  /** Default: executions; states if there is an invariant, an order, deaths, pauses or `visits`: executions leave steps out. */
  readonly mode?: Mode;
  /**
   * An exported function `(operation: i32, argument: i32) -> i32` that executes one operation of a sequential object, on a
   * memory of its own, and returns its result, or calls `fail` where the operation cannot take place. Operations are what
   * the program says it executes: `invoke(operation, argument)` begins one, `result(value)` returns from it. Every
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
   * The places of the program that were executed: `onVisit` is called, at least once, with each number n of which an
   * execution calls `mark(event, n)`, also before it begins and after it ends. Such a mark is no step. Not by executions,
   * whose threads cannot tell.
   */
  readonly visits?: Visits;
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

/** Threads that explore, at most. */
export const MOST_WORKERS = 1024;
