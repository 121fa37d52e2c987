import type { Algorithm } from "../../program/kernel.js";
import type { Effort } from "../effort.js";
import type { Experiments } from "../experiment.js";
import type { Metric, Of } from "../measurement.js";

/** How algorithms of one kind are measured, and what is proven of them. */
export interface MeasuredKind {
  readonly measure: (step: MeasureStep) => Promise<void>;
  /** Operations that all processors have done together, of the turns that each has done. */
  readonly operations: (done: readonly number[]) => number;
  /** What is claimed of each; absent: nothing that its workload could show. */
  readonly property?: Property;
  /** With which a claim is proven where no other is asked for. */
  readonly loads: readonly Load[];
}

/** One algorithm at one number of processors; `add` takes what is measured. */
export interface MeasureStep {
  readonly experiments: Experiments;
  readonly algorithm: Algorithm;
  readonly processors: number;
  readonly effort: Effort;
  readonly seed: number;
  readonly add: (metric: Metric, value: number, of?: Of) => void;
  readonly signal: AbortSignal | undefined;
}

/** How many take part, and how often each: acquisitions, episodes or additions. */
export interface Load {
  readonly processors: number;
  readonly turns: number;
}

/**
 * - `exclusion`: one processor at a time has the lock, and each in the end.
 * - `order`: first come, first served.
 * - `barrier`: nobody leaves before all have arrived, in any episode, and all leave.
 * - `sum`: no addition is lost, and the cheap read is as near to the sum as the algorithm promises.
 */
export type Property = "exclusion" | "order" | "barrier" | "sum";
