import type { ViolationKind } from "#machines/machines/checked/index.js";

/** A bug that people made, or that a paper has, as a change of the algorithm that its file has the name of. */
export interface PlantedBug {
  /** What is wrong with it. */
  readonly bug: string;
  /** What is replaced, each found once, and by what. */
  readonly changes: readonly (readonly [text: string, replacement: string])[];
  /** What the checked machine finds wrong, and the smallest load with which it does. */
  readonly found: { readonly kind: ViolationKind; readonly processors: number; readonly turns: number };
}
