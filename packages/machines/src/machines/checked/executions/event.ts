import type { LocalState } from "../system/local-states.js";

/** A transition that was taken. */
export interface Event {
  readonly transition: number;
  readonly thread: number;
  /** As System.effects. */
  readonly effects: readonly number[];
  readonly woken: readonly number[];
  /** The state of its processor before. */
  readonly state: LocalState;
}
