// Constants of kernel/library/service.ts.

/** Phases of an A-stack. */
export const Phase = {
  free: 0,
  claimed: 1,
  called: 2,
  running: 3,
  orphaned: 4,
  answered: 5,
  threw: 6,
  failed: 7,
} as const;

/** Answers in the place of an A-stack. */
export const NONE_FREE = 0;
export const IS_CLOSING = 1;
export const HOLDS_TOO_MUCH = 2;

/** In a call's number of the procedure, of who blocks until it has the answer. */
export const BLOCKING = 1 << 30;

/** Whether a phase is one of a call that has no outcome yet. */
export function isUnderWay(phase: number): boolean {
  return phase === Phase.called || phase === Phase.running;
}
