import type { Kind } from "../program/kernel.js";

/** Where a measurement was taken. */
export interface Host {
  /** The processor's model, as the operating system names it. */
  readonly cpu: string;
  /** Cores that threads of the process could run on. */
  readonly cores: number;
  /** Node's version, without the v. */
  readonly node: string;
  /** Whether threads were kept on cores. */
  readonly pinned: boolean;
  /** The operating system's load average of the last minute, when the evaluation began. */
  readonly load: number;
}

/** What is measured, with its unit. Times are per operation, elapsed time over all processors' operations. */
export const UNITS = {
  /** Locks: an uncontended acquire and release. */
  latency: "ns",
  /**
   * Locks: elapsed time by acquisitions of all processors; the time between two of them where the lock is contended.
   */
  passingTime: "ns",
  /** Locks: a processor's part of all acquisitions; the row's `processor` says whose. */
  share: "1",
  /** Locks: Jain's index of the shares, 1 when all are equal, 1/P when one has all. */
  fairness: "1",
  /** Locks: the longest time from asking for the lock to holding it. */
  longestWait: "ns",
  /** Locks: the mean time from asking for the lock to holding it. */
  meanWait: "ns",
  /** Barriers: elapsed time by episodes. */
  episodeTime: "ns",
  /** Counters: elapsed time by additions of all processors. */
  additionTime: "ns",
  /** Counters: additions of all processors by elapsed time. */
  throughput: "1/s",
  /** Counters: one read of the cheap kind, nobody adding. */
  approximateRead: "ns",
  /** Counters: one exact read, nobody adding. */
  exactRead: "ns",
  /** Memory for that many processors, with padding. */
  space: "B",
  /** Processors whose threads had to be ended because they did not stop in time. */
  cutOff: "processors",
} as const;

export type Metric = keyof typeof UNITS;

/** One measured value: one flat record a row. Everything that prints, plots or compares reads these. */
export interface Measurement extends Host {
  readonly machine: string;
  readonly workload: Kind;
  readonly algorithm: string;
  readonly processors: number;
  readonly metric: Metric;
  readonly value: number;
  readonly unit: string;
  /** What the evaluation's random delays began with; repetition r began with seed + r. */
  readonly seed: number;
  /** 0, 1, ... within one evaluation. */
  readonly repetition: number;
  /** Which processor the value is of; absent where it is of all. */
  readonly processor?: number;
}

/** A value in the middle, and how far the repetitions lie apart. */
export interface Summary {
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly count: number;
}

/** Median, minimum and maximum of the values; undefined for none. */
export function summarize(values: readonly number[]): Summary | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, minimum: sorted[0]!, maximum: sorted[sorted.length - 1]!, count: sorted.length };
}

/** Jain's fairness index: (sum x)^2 / (n sum x^2), from 1/n to 1; 1 where nobody got anything. */
export function jainIndex(values: readonly number[]): number {
  const sum = values.reduce((a, b) => a + b, 0);
  const squares = values.reduce((a, b) => a + b * b, 0);
  return squares === 0 ? 1 : sum ** 2 / (values.length * squares);
}

/** Which rows are meant: those that agree with every field given. */
export type Selection = Partial<Pick<Measurement, "machine" | "workload" | "algorithm" | "processors" | "metric">>;

/** The values of the rows selected. */
export function select(rows: readonly Measurement[], selection: Selection): number[] {
  const fields = Object.entries(selection) as [keyof Selection, unknown][];
  return rows.filter((row) => fields.every(([field, value]) => row[field] === value)).map((row) => row.value);
}
