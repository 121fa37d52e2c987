// What a plot of lines shows: a line an algorithm, of medians by processors, and which of them the reader looks at.
import type { Measurement, Summary } from "../../experiments/measurement.js";
import { algorithmsOf, rowsWith, summaryOf } from "./rows.js";

/** One algorithm. */
export interface Line {
  readonly title: string;
  /** The algorithm's in the catalogue, which decides how the line looks. */
  readonly number: number;
  /** Of the values, by the chart's counts. */
  readonly summaries: readonly (Summary | undefined)[];
  /** Processors that did not stop in time, by the chart's counts. */
  readonly cutOff: readonly number[];
  shown: boolean;
}

export interface Chart {
  /** Of processors, ascending. */
  readonly counts: readonly number[];
  readonly cores: number;
  readonly unit: string;
  /** In the order of their ends, from top to bottom, which is the legend's. */
  readonly lines: readonly Line[];
  highlighted: Line | undefined;
  /** Of the highlighted point in the counts; undefined for the line as a whole. */
  index: number | undefined;
}

/** Makes a line the highlighted one, or none. */
export type Highlight = (line: Line | undefined, index?: number) => void;

/** A point of a line, at an index in the chart's counts. */
export interface Point extends Summary {
  readonly index: number;
}

/** The chart of rows, at least one, all of one machine, workload, metric and unit. */
export function chartOf(of: readonly Measurement[]): Chart {
  const { machine, workload, cores, unit } = of[0]!;
  const counts = [...new Set(of.map((row) => row.processors))].sort((a, b) => a - b);
  const lines = algorithmsOf(of).map(({ name: algorithm, title, number }): Line => {
    const mine = of.filter((row) => row.algorithm === algorithm && row.value > 0);
    const cutOff = rowsWith({ machine, workload, algorithm, metric: "cutOff" });
    return {
      title,
      number,
      summaries: counts.map((processors) => summaryOf(rowsWith({ processors }, mine))),
      cutOff: counts.map((processors) => summaryOf(rowsWith({ processors }, cutOff))?.maximum ?? 0),
      shown: true,
    };
  });
  lines.sort((a, b) => endOf(b) - endOf(a));
  return { counts, cores, unit, lines, highlighted: undefined, index: undefined };
}

function endOf(line: Line): number {
  return line.summaries.findLast((summary) => summary)?.median ?? 0;
}

/** The line's points, where it has any. */
export function pointsOf(line: Line): Point[] {
  return line.summaries.flatMap((summary, index) => (summary ? [{ ...summary, index }] : []));
}

/** The least and the greatest value; Infinity and -Infinity where there are no points. */
export function extentOf(lines: readonly Line[]): { low: number; high: number } {
  const points = lines.flatMap(pointsOf);
  return {
    low: Math.min(...points.map(({ minimum }) => minimum)),
    high: Math.max(...points.map(({ maximum }) => maximum)),
  };
}

/** Whether the line steps back behind the highlighted one. */
export function isFaded({ highlighted }: Chart, line: Line): boolean {
  return highlighted?.shown === true && line !== highlighted;
}
