import type { Cells } from "./cells.js";
import type { LocalStates } from "./local-states.js";
import type { Sequences } from "./sequences.js";

/** What a history needs of the system that makes it. */
export interface Recording {
  readonly processors: number;
  readonly cells: Cells;
  readonly sequences: Sequences;
  /** As System.effects. */
  readonly effects: number[];
  readonly local: LocalStates;
}

/** Takes down what processors ask of an object, and what they are told. */
export interface Recorder {
  /** Whether a mark is part of the history. */
  records(event: number): boolean;
  /**
   * A processor invokes an operation or returns from one.
   *
   * @throws {Violated} if that cannot be right
   */
  record(recording: Recording, processor: number, event: number, value: number): void;
}
