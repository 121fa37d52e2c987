import type { Cells } from "../system/cells.js";
import type { LocalStates } from "../system/local-states.js";
import type { Sequences } from "../system/sequences.js";

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
  /** @throws {Violated} if the processor has not returned from another operation */
  invoke(recording: Recording, processor: number, operation: number, argument: number): void;
  /** @throws {Violated} if the processor has invoked none, or nothing explains the history any more */
  result(recording: Recording, processor: number, value: number): void;
}
