/**
 * What papers published, as data: figures of curves. A figure's measurements are repeated on a simulated machine, with
 * processors on the x axis, or its model is solved anew, with any parameter there.
 */
import type { MECHANISMS } from "../experiments/calls.js";
import type { Metric } from "../experiments/measurement.js";
import type { MixOptions, MixResult } from "../experiments/mix.js";
import type { Estimate } from "./batch-means.js";
import type { Network, NetworkResult } from "./closed-network.js";
import type { Multiprogramming } from "./multiprogramming.js";

/** How the numbers were read from the paper: "text" 0 %, "glyphs" of the printed figure about 1 %, "eye" 5 to 20 %. */
export type Reading = "text" | "glyphs" | "eye";

/** What a point's value is on a machine: where the x axis is not the number of processors, the title says so. */
export type Quantity =
  /** Elapsed time by acquisitions of all processors. */
  | "passing time"
  /** Elapsed time by episodes. */
  | "episode time"
  /** Elapsed time by the additions of one processor. */
  | "update time"
  /** From a release to the last transaction that it causes, by the processors that wait. */
  | "quiescence"
  /** How many processors compute outside the critical section, on average. */
  | "speedup";

/** What the processors do. Times in cycles of the machine. */
export type Workload =
  | {
      readonly kind: "lock";
      /** In the critical section. */
      readonly section: number;
      /** Mean between two turns, uniform from 0 to twice that. */
      readonly think: number;
      /** The unit of delays. */
      readonly slot: number;
    }
  | {
      readonly kind: "empty lock";
      /** After each acquire and each release: calls and the loop. */
      readonly calls: number;
      readonly slot: number;
    }
  | { readonly kind: "barrier"; readonly slot: number }
  | { readonly kind: "counter" };

/** What is on the x axis, processors for machines, and value. */
export type Point = readonly [x: number, value: number];

/** The points of a curve, from where they are on the x axis and their values. */
export function at(xs: readonly number[], values: readonly number[]): Point[] {
  if (xs.length !== values.length) {
    throw new RangeError(
      `Cannot make a curve: received ${xs.length} places on the x axis and ${values.length} values; expected as many`,
    );
  }
  return xs.map((x, i) => [x, values[i]!]);
}

interface PublishedCurve {
  /** As the paper names it. */
  readonly name: string;
  readonly reading: Reading;
  /** By x, ascending. */
  readonly points: readonly Point[];
}

interface PublishedFigure {
  /** By which commands know it. */
  readonly name: string;
  readonly title: string;
  readonly source: string;
  /** Where all curves are computed beside their points. */
  readonly also?: readonly number[];
  /** The x at which the order of the curves is compared: within all of them. */
  readonly order?: number;
}

export interface MachineCurve extends PublishedCurve {
  /** The kernel's. */
  readonly algorithm: string;
  /** The unit of its delays, in cycles, where it is not the workload's. */
  readonly slot?: number;
  /** A range of processors in which the curve is a line; the paper's slope there, the points' if it gives none. */
  readonly slope?: { readonly from: number; readonly to: number; readonly published?: number };
}

/** Measurements of a machine, by processors. */
export interface MachineFigure extends PublishedFigure {
  /** The preset that is simulated. */
  readonly machine: string;
  readonly quantity: Quantity;
  /** Of the values: µs, cycles, or none. */
  readonly unit: "µs" | "cycles" | "1";
  readonly workload: Workload;
  readonly curves: readonly MachineCurve[];
  /** Pairs of curves, by name, whose crossing is compared. */
  readonly crossings?: readonly (readonly [string, string])[];
}

/** A mix of tasks on the preset of a chip multiprocessor, with a shared cache of so many kilobytes. */
export interface ChipMix extends Omit<MixOptions, "executions" | "seed" | "signal"> {
  readonly kilobytes: number;
  readonly policy: string;
}

/** Calls between protection domains on a preset with a kernel mode, by the mechanism's name in the evaluation. */
export interface DomainCalls {
  readonly machine: string;
  readonly mechanism: (typeof MECHANISMS)[number]["name"];
  /** By its number; with `processors`, Null calls of a client on each. */
  readonly procedure?: number;
  readonly processors?: number;
}

/** What one call takes, and how many a second there are. */
export interface DomainCallsResult {
  readonly microseconds: number;
  readonly instructions: number;
  readonly perSecond: number;
  /** Microseconds of the instructions of stubs, and of the kernel; all else is traps, changes of the space and misses of the TLB. */
  readonly stubs: number;
  readonly kernel: number;
  /** Microseconds of misses of the TLB. */
  readonly misses: number;
}

/** What a model's values are made of: each is simulated once, and as long as the effort says. */
export interface Simulations {
  readonly network: (network: Network) => Promise<NetworkResult>;
  readonly chip: (mix: ChipMix) => Promise<MixResult>;
  readonly calls: (calls: DomainCalls) => Promise<DomainCallsResult>;
  /** Lines of another processor's from which a call there takes no longer than one here, on a preset; Infinity: from none. */
  readonly shipping: (machine: { readonly machine: string }) => Promise<number>;
  readonly utilization: (options: Multiprogramming) => Promise<number>;
}

export interface ModelCurve extends PublishedCurve {
  /** The kernel's that decides in the model; absent where none does. */
  readonly algorithm?: string;
  /** The model's value; a number is exact. */
  readonly value: (x: number, simulations: Simulations) => number | Promise<number | Estimate>;
}

/** What a model says, by one of its parameters. */
export interface ModelFigure extends PublishedFigure {
  /** The model's name, in the place of a machine's. */
  readonly model: string;
  /** What is on the x axis: `C`. */
  readonly axis: string;
  /** The model's. */
  readonly processors: number;
  readonly unit: string;
  /** What the values are as measurements; absent where they are computed, not simulated. */
  readonly metric?: Metric;
  readonly curves: readonly ModelCurve[];
}

export type Figure = MachineFigure | ModelFigure;
export type Curve = MachineCurve | ModelCurve;
