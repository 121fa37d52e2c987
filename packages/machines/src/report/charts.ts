/**
 * What the page's plots show, computed from the rows: medians with their spread, a line an algorithm; and who gets a
 * lock. A page carries these alone: they are as many however often a measurement was repeated.
 */
import { type Measurement, type Metric, type Summary, summarize } from "../experiments/measurement.js";
import type { Algorithm } from "../program/kernel.js";
import type { Kind } from "../program/kinds.js";
import type { Along, Section } from "./sections.js";

/** What algorithms are called here: in plots, in tables, and in commands. */
type Named = Pick<Algorithm, "kind" | "name">;

/** Lines of medians by processors. */
export interface Chart {
  readonly workload: Kind;
  readonly unit: string;
  readonly cores: number;
  /** What the counts are of, in the singular: `processor`. */
  readonly along: string;
  /** Ascending. */
  readonly counts: readonly number[];
  /** In the catalogue's order; each has a point. */
  readonly lines: readonly Line[];
}

/** One algorithm. */
export interface Line {
  readonly name: string;
  /** The algorithm's in the catalogue, which decides how the line looks: the same in every plot of its kind. */
  readonly number: number;
  /** By the chart's counts; null where nothing was measured. */
  readonly points: readonly (Point | null)[];
}

export interface Point extends Summary {
  /** Processors that did not stop in time, the most of all repetitions. */
  readonly cutOff: number;
}

/** Who gets the locks, at the most processors that were measured. */
export interface Shares {
  readonly processors: number;
  /** Of waits. */
  readonly unit: string;
  /** The fairest first. */
  readonly locks: readonly LockShares[];
}

export interface LockShares {
  readonly name: string;
  /** The processors' parts of all acquisitions, in the repetition in the middle by Jain's index. */
  readonly parts: readonly number[];
  /** Jain's index. */
  readonly fairness: Summary | null;
  readonly longestWait: Summary | null;
}

/** What a chart needs of a section. */
export type ChartOf = Pick<Section, "workload" | "metric" | "shows" | "along" | "lineOf">;

const PROCESSORS: Along = { one: "processor", of: ({ processors }) => processors };

/** The chart of a section from the rows of one machine; undefined without a value above 0. */
export function chartOf(
  rows: readonly Measurement[],
  { workload, metric, shows = () => true, along = PROCESSORS, lineOf = ({ algorithm }) => algorithm }: ChartOf,
  algorithms: readonly Named[],
): Chart | undefined {
  const mine = rows.filter((row) => row.workload === workload).map((row) => ({ ...row, algorithm: lineOf(row) }));
  const isShown = (row: Measurement) =>
    row.metric === metric && row.value > 0 && Number.isFinite(row.value) && shows(row) && along.of(row) > 0;
  const shown = mine.filter(isShown);
  const cutOffs = mine.filter((row) => row.metric === "cutOff");
  if (shown.length === 0) return undefined;
  const { unit } = shown[0]!;
  const counts = [...new Set(shown.map(along.of))].sort((a, b) => a - b);
  const lines = numbered(shown, algorithms).map(({ name, number }): Line => {
    const points = counts.map((count) => {
      const at = (some: readonly Measurement[]) =>
        summarize(some.filter((row) => row.algorithm === name && along.of(row) === count).map(({ value }) => value));
      const summary = at(shown);
      return summary ? { ...summary, cutOff: at(cutOffs)?.maximum ?? 0 } : null;
    });
    return { name, number, points };
  });
  const cores = along === PROCESSORS ? shown[0]!.cores : counts.at(-1)!;
  return { workload, unit, cores, along: along.one, counts, lines };
}

/** Who gets the locks, from the rows of one machine; undefined without shares. */
export function sharesOf(rows: readonly Measurement[], algorithms: readonly Named[]): Shares | undefined {
  const shares = rows.filter((row) => row.metric === "share");
  if (shares.length === 0) return undefined;
  const processors = shares.reduce((most, row) => Math.max(most, row.processors), 0);
  const at = rows.filter((row) => row.workload === "lock" && row.processors === processors);
  const of = (metric: Metric) => at.filter((row) => row.metric === metric && Number.isFinite(row.value));
  const [fairness, waits, parts] = [of("fairness"), of("longestWait"), of("share")];
  const locks = numbered(parts, algorithms).map(({ name }): LockShares => {
    const middle = middleOf(fairness.filter((row) => row.algorithm === name))?.repetition ?? 0;
    const shown = parts.filter((row) => row.algorithm === name && row.repetition === middle);
    return {
      name,
      parts: Array.from({ length: processors }, (_, i) => shown.find((row) => row.processor === i)?.value ?? 0),
      fairness: summaryOf(fairness, name, processors) ?? null,
      longestWait: summaryOf(waits, name, processors) ?? null,
    };
  });
  locks.sort((a, b) => (b.fairness?.median ?? 0) - (a.fairness?.median ?? 0));
  return { processors, unit: waits[0]?.unit ?? "", locks };
}

/** The algorithms of rows of one workload, with their numbers in the catalogue; those that it lacks come after it. */
function numbered(rows: readonly Measurement[], algorithms: readonly Named[]) {
  const known = algorithms.filter(({ kind }) => kind === rows[0]!.workload).map(({ name }) => name);
  const present = new Set(rows.map((row) => row.algorithm));
  return [...new Set([...known, ...present])]
    .map((name, number) => ({ name, number }))
    .filter(({ name }) => present.has(name));
}

function summaryOf(rows: readonly Measurement[], algorithm: string, processors: number): Summary | undefined {
  const mine = rows.filter((row) => row.algorithm === algorithm && row.processors === processors);
  return summarize(mine.map((row) => row.value));
}

/** The row with the value in the middle. */
function middleOf(rows: readonly Measurement[]): Measurement | undefined {
  return rows.toSorted((a, b) => a.value - b.value)[rows.length >> 1];
}
