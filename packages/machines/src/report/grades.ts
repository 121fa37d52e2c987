import {
  isSimulated,
  type Measurement,
  type Metric,
  type Summary,
  select,
  summarize,
} from "../experiments/measurement.js";
import type { Algorithm } from "../program/kernel.js";
import type { Kind } from "../program/kinds.js";
import type { Column } from "./column.js";
import { formatNumber, formatTime } from "./table.js";

/** What a cell shows where nothing was measured. */
export const UNMEASURED = "-";
/** Marks a cell of a run in which processors had to be cut off. */
const CUT_OFF = "!";

/** The rows of one machine by algorithm, and the numbers of processors that its tables have columns for. */
export class Grades {
  readonly #rows: readonly Measurement[];
  readonly #algorithms: readonly Algorithm[];
  readonly machine: string;
  /** Processors that execute at the same time. */
  readonly cores: number;
  /** Whether the machine counts cycles, and sees what references do. */
  readonly simulated: boolean;

  /** Rows, at least one, all of one machine. */
  constructor(rows: readonly Measurement[], algorithms: readonly Algorithm[]) {
    this.#rows = rows;
    this.#algorithms = algorithms;
    this.machine = rows[0]!.machine;
    this.cores = rows[0]!.cores;
    this.simulated = isSimulated(rows);
  }

  /** Those that were measured; of one with a parameter one for each, by the names of their rows. */
  algorithms(kind: Kind): Algorithm[] {
    const measured = [...new Set(this.#rows.filter((row) => row.workload === kind).map((row) => row.algorithm))];
    return this.#algorithms
      .filter((algorithm) => algorithm.kind === kind)
      .flatMap((algorithm) =>
        measured.filter((name) => catalogueName(name) === algorithm.name).map((name) => ({ ...algorithm, name })),
      );
  }

  /** All numbers of processors measured. */
  get counts(): number[] {
    return [...new Set(this.#rows.map((row) => row.processors))].sort((a, b) => a - b);
  }

  /** All cores, or as many as were measured without exceeding them. */
  get contended(): number {
    return this.counts.filter((count) => count <= this.cores).at(-1) ?? this.counts[0]!;
  }

  /** Whether the metric of any algorithm of the kind was more than 0. */
  any(kind: Kind, metric: Metric): boolean {
    return this.#rows.some((row) => row.workload === kind && row.metric === metric && row.value > 0);
  }

  /** The most processors at which the metric was measured. */
  largest(metric: Metric): number | undefined {
    const measured = new Set(this.#rows.filter((row) => row.metric === metric).map((row) => row.processors));
    return this.counts.findLast((count) => measured.has(count));
  }

  /** What the algorithm needs and the machine lacks. */
  needs({ name }: Algorithm): string | undefined {
    return this.#rows.find((row) => row.algorithm === name && row.metric === "unavailable")?.detail;
  }

  summary({ name }: Algorithm, metric: Metric, processors = this.contended): Summary | undefined {
    return summarize(select(this.#rows, { algorithm: name, metric, processors }));
  }

  /** The median, as `format` shows it. */
  cell(
    algorithm: Algorithm,
    metric: Metric,
    format: (value: number) => string = formatNumber,
    processors = this.contended,
  ): string {
    const summary = this.summary(algorithm, metric, processors);
    return summary ? format(summary.median) : UNMEASURED;
  }

  /** The median, marked where processors had to be cut off. */
  time(algorithm: Algorithm, metric: Metric, processors = this.contended): string {
    const summary = this.summary(algorithm, metric, processors);
    const cutOff = metric !== "latency" && this.summary(algorithm, "cutOff", processors) !== undefined;
    if (summary === undefined) return cutOff ? CUT_OFF : UNMEASURED;
    return cutOff ? `${this.formatTime(summary.median)}${CUT_OFF}` : this.formatTime(summary.median);
  }

  /** Cycles without their unit, which the table's title says. */
  formatTime(time: number): string {
    return this.simulated ? formatNumber(time) : formatTime(time);
  }

  /** A sentence on the mark, where it was used. */
  get cutOffNote(): string {
    return this.#rows.some((row) => row.metric === "cutOff")
      ? ` ${CUT_OFF}: processors did not stop within two seconds when asked to, and were cut off; alone: nothing was finished.`
      : "";
  }

  /** The most occupied link, and the part of the time in which it was held. */
  busiestLink({ name: algorithm }: Algorithm): string {
    const { contended: processors } = this;
    const row = this.#rows.find(
      (row) => row.metric === "utilization" && row.algorithm === algorithm && row.processors === processors,
    );
    return row ? `${row.detail} ${percent(row.value)}` : UNMEASURED;
  }

  get busiestLinkColumn(): Column {
    return {
      heading: "busiest link",
      meaning: "the link held longest, and for which part of the time",
      cell: (algorithm) => this.busiestLink(algorithm),
    };
  }

  /** How many processors a column of that many is about: "2 = all cores", "8 = 4x cores". */
  label(processors: number): string {
    const times = processors / this.cores;
    if (this.simulated) return `P=${processors}`;
    if (times === 1) return `P=${processors} (all cores)`;
    return Number.isInteger(times) ? `P=${processors} (${times}x)` : `P=${processors}`;
  }
}

/** The name in the catalogue of what was measured: `priority` of `priority(0)`. */
export function catalogueName(name: string): string {
  return name.replace(/\(.*\)$/, "");
}

export function percent(part: number): string {
  return `${Math.round(part * 100)}%`;
}
