/** What papers published, as data: figures of curves, each tied to an algorithm of the kernel and to a machine. */

/** How the numbers were read from the paper: "text" 0 %, "glyphs" of the printed figure about 1 %, "eye" 5 to 20 %. */
export type Reading = "text" | "glyphs" | "eye";

/** What a point's value is: where the x axis is not the number of processors, the title says so. */
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

/** Processors and value. */
export type Point = readonly [processors: number, value: number];

/** The points of a curve, from its processors and its values. */
export function at(processors: readonly number[], values: readonly number[]): Point[] {
  if (processors.length !== values.length) {
    throw new RangeError(
      `Cannot make a curve: received ${processors.length} processors and ${values.length} values; expected as many`,
    );
  }
  return processors.map((count, i) => [count, values[i]!]);
}

export interface Curve {
  /** As the paper names it. */
  readonly name: string;
  /** The kernel's. */
  readonly algorithm: string;
  readonly reading: Reading;
  /** The unit of its delays, in cycles, where it is not the workload's. */
  readonly slot?: number;
  /** By processors, ascending. */
  readonly points: readonly Point[];
  /** A range of processors in which the curve is a line; the paper's slope there, the points' if it gives none. */
  readonly slope?: { readonly from: number; readonly to: number; readonly published?: number };
}

export interface Figure {
  /** By which commands know it. */
  readonly name: string;
  readonly title: string;
  readonly source: string;
  /** The preset that is simulated. */
  readonly machine: string;
  readonly quantity: Quantity;
  /** Of the values: µs, cycles, or none. */
  readonly unit: "µs" | "cycles" | "1";
  readonly workload: Workload;
  readonly curves: readonly Curve[];
  /** Processors that are simulated for all curves beside those of their points. */
  readonly also?: readonly number[];
  /** Processors at which the order of the curves is compared: within all of them. */
  readonly order?: number;
  /** Pairs of curves, by name, whose crossing is compared. */
  readonly crossings?: readonly (readonly [string, string])[];
}
