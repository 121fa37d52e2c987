import type { ViolationKind } from "#machines/machines/checked/index.js";

/** A bug that people make, as a change of a file that `landspout prove` is about, and the claim about a protocol that it breaks. */
export interface PlantedBug {
  /** What is wrong with it. */
  readonly bug: string;
  /** `mutex.ts`; the protocol's own by default. */
  readonly file?: string;
  /** What is replaced, found once, and by what. */
  readonly from: string;
  readonly to: string;
  /** The claim that does not hold then, and how it is found wrong. */
  readonly scenario: string;
  readonly found: ViolationKind;
  /** Whether its claim has more states than a short test may explore: an optimized module, which has fewer, is explored. */
  readonly manyStates?: boolean;
  /** The bug is looked for in the claim's executions with so few preemptions: all its states take too long. */
  readonly preemptions?: number;
}
