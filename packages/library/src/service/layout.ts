/** Phases of an A-stack; kernel/library/a-stack.ts. */
export const CALLED = 2;
export const RUNNING = 3;
export const ORPHANED = 4;
export const ANSWERED = 5;
export const THREW = 6;
export const FAILED = 7;

/** In an A-stack: the number of the procedure; what stands for the first arguments, or the answer; kernel/library/a-stack.ts. */
export const PROCEDURE = 8;
export const VALUES = 32;

/** Answers in the place of an A-stack; kernel/library/service.ts. */
export const NONE_FREE = 0;
export const IS_CLOSING = 1;
export const HOLDS_TOO_MUCH = 2;

/** In a call's number of the procedure, of who blocks until it has the answer. */
export const BLOCKING = 1 << 30;

/** Whether a phase is one of a call that has no outcome yet. */
export function isUnderWay(phase: number): boolean {
  return phase === CALLED || phase === RUNNING;
}

/** Looks of a watch that take as long as one that a SpinBudget counts. */
export const SHORT_LOOKS = 16;
