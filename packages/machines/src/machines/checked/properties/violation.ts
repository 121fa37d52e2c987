/** What can be wrong with a program. */
export type ViolationKind =
  /** It called `fail`. */
  | "failure"
  | "trap"
  /** Processors are left, and none can go on. */
  | "deadlock"
  /** Processors go on for ever without getting anywhere. */
  | "livelock"
  /** Two accesses of one place at once, one a write, not both atomic. */
  | "race"
  /** The invariant does not hold. */
  | "invariant"
  /** It looks at one word until that changes, and does not pause. */
  | "pause"
  /** One was served before another that came first. */
  | "order"
  /** What should hold at the end does not. */
  | "final"
  /** No sequential order of the operations explains their results. */
  | "history";

/** Thrown inside an exploration when the step that was taken, or the state that was reached, is wrong. */
export class Violated extends Error {
  readonly kind: ViolationKind;

  constructor(kind: ViolationKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
