/** What a published figure becomes when it is reproduced. */
import type { Measurement } from "../experiments/measurement.js";
import type { Curve, Figure, Point } from "./figure.js";

/** How much is simulated of each point. The papers ran 10^5 to 10^6 turns; simulated ones repeat themselves sooner. */
export interface ReproduceEffort {
  /** Acquisitions of all processors together. */
  readonly acquisitions: number;
  readonly episodes: number;
  /** Additions of each processor. */
  readonly additions: number;
  /** At least so many turns a processor, whatever that makes of the sum. */
  readonly turns: number;
  /** Tasks done in each of a model's batches. */
  readonly completions: number;
  /** Executions of all tasks of a chip multiprocessor's mix together. */
  readonly executions: number;
  /** Of applications that share a machine. */
  readonly ticks: number;
}

/** About a minute and a half on one core. */
export const REPRODUCE: ReproduceEffort = {
  acquisitions: 3000,
  episodes: 40,
  additions: 2000,
  turns: 12,
  completions: 10_000,
  executions: 128,
  ticks: 200_000,
};

export interface ReproduceOptions {
  readonly effort: ReproduceEffort;
  /** Of delays, of the machines' own choices and of the models' times, a 32-bit word. */
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Called before each point. */
  readonly progress?: (step: { readonly done: number; readonly total: number; readonly curve: string }) => void;
}

/** A published curve and what the machine or the model makes of it. */
export interface ReproducedCurve {
  readonly curve: Curve;
  /** In the figure's unit. */
  readonly simulated: readonly Point[];
  /** By x: half of the values' confidence intervals of 98 %; only of simulated models. */
  readonly halfWidths: readonly Point[];
  /** By processors: references of all of them in one episode that left their nodes; only of barriers. */
  readonly references: readonly Point[];
}

export interface Reproduction {
  readonly figure: Figure;
  readonly curves: readonly ReproducedCurve[];
  /** The same as measurements: a machine's in cycles, a model's in its own unit. */
  readonly rows: readonly Measurement[];
}
