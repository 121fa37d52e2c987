/** What the checked machine says of a program. */
import type { Step } from "./counterexamples/trace.js";
import type { ViolationKind } from "./properties/violation.js";

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

/** A way through a program: a violation has one. */
export type Schedule = Pick<Violation, "schedule" | "repeated" | "shared">;
