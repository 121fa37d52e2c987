import { type Measurement, type Metric, type Summary, select, summarize } from "../experiments/measurement.js";
import type { Algorithm, Kind } from "../program/kernel.js";
import { formatNumber, formatTime, type ReportTable } from "./table.js";

/** What a cell shows where nothing was measured. */
const UNMEASURED = "-";
/** Marks a cell of a run in which processors had to be cut off. */
const CUT_OFF = "!";

/** The grading tables, one a kind of algorithm, as far as the rows hold something of that kind. */
export function gradingTables(rows: readonly Measurement[], algorithms: readonly Algorithm[]): ReportTable[] {
  const cores = rows[0]?.cores ?? 1;
  const tables = [lockTable, barrierTable, counterTable];
  return tables.flatMap((table) => table(new Grades(rows, algorithms, cores)));
}

/** The rows by algorithm, and the numbers of processors that the tables have columns for. */
class Grades {
  readonly #rows: readonly Measurement[];
  readonly #algorithms: readonly Algorithm[];
  readonly #cores: number;

  constructor(rows: readonly Measurement[], algorithms: readonly Algorithm[], cores: number) {
    this.#rows = rows;
    this.#algorithms = algorithms;
    this.#cores = cores;
  }

  algorithms(kind: Kind): Algorithm[] {
    const measured = new Set(this.#rows.filter((row) => row.workload === kind).map((row) => row.algorithm));
    return this.#algorithms.filter((algorithm) => algorithm.kind === kind && measured.has(algorithm.name));
  }

  /** All numbers of processors measured. */
  get counts(): number[] {
    return [...new Set(this.#rows.map((row) => row.processors))].sort((a, b) => a - b);
  }

  /** All cores, or as many as were measured without exceeding them. */
  get contended(): number {
    return this.counts.filter((count) => count <= this.#cores).at(-1) ?? this.counts[0]!;
  }

  /** The numbers of processors above one that deserve a column: all cores and what lies beyond. */
  get columns(): number[] {
    return this.counts.filter((count) => count > 1 && count >= this.contended);
  }

  summary(algorithm: Algorithm, metric: Metric, processors: number): Summary | undefined {
    return summarize(select(this.#rows, { algorithm: algorithm.name, metric, processors }));
  }

  /** The median, marked where processors had to be cut off. */
  time(algorithm: Algorithm, metric: Metric, processors: number): string {
    const summary = this.summary(algorithm, metric, processors);
    const cutOff = metric !== "latency" && this.summary(algorithm, "cutOff", processors) !== undefined;
    if (summary === undefined) return cutOff ? CUT_OFF : UNMEASURED;
    return cutOff ? `${formatTime(summary.median)}${CUT_OFF}` : formatTime(summary.median);
  }

  /** A sentence on the mark, where it was used. */
  get cutOffNote(): string {
    return this.#rows.some((row) => row.metric === "cutOff")
      ? ` ${CUT_OFF}: processors did not stop within two seconds when asked to, and were cut off; alone: nothing was finished.`
      : "";
  }

  bytes(algorithm: Algorithm, processors: number): string {
    const summary = this.summary(algorithm, "space", processors);
    return summary ? `${summary.median} B` : UNMEASURED;
  }

  /** How many processors a column of that many is about: "2 = all cores", "8 = 4x cores". */
  label(processors: number): string {
    const times = processors / this.#cores;
    if (times === 1) return `P=${processors} (all cores)`;
    return Number.isInteger(times) ? `P=${processors} (${times}x)` : `P=${processors}`;
  }
}

function lockTable(grades: Grades): ReportTable[] {
  const all = grades.contended;
  const rows = grades.algorithms("lock").map((algorithm) => {
    const fairness = grades.summary(algorithm, "fairness", all);
    const share = grades.summary(algorithm, "share", all);
    const longest = grades.summary(algorithm, "longestWait", all);
    return [
      algorithm.name,
      grades.time(algorithm, "latency", 1),
      ...grades.columns.map((count) => grades.time(algorithm, "passingTime", count)),
      fairness ? fairness.median.toFixed(2) : UNMEASURED,
      share ? `${percent(share.minimum)}..${percent(share.maximum)}` : UNMEASURED,
      longest ? formatTime(longest.maximum) : UNMEASURED,
      grades.time(algorithm, "meanWait", all),
      algorithm.order === "fifo" ? "yes" : "no",
      algorithm.spins!,
      UNMEASURED,
      grades.bytes(algorithm, all),
      algorithm.signals!,
    ];
  });
  if (rows.length === 0) return [];
  return [
    {
      title: "Locks",
      note:
        "latency: an uncontended acquire and release. P=n: time between acquisitions with n processors asking all the time " +
        "(median). fair (Jain's index, 1 is equal), share (of the acquisitions, least..most), longest and mean wait: at " +
        `P=${all}. FIFO, spins on and signals are known by construction. RMW/CS, read-modify-write operations per ` +
        `critical section, needs the simulated machine.${grades.cutOffNote}`,
      columns: [
        "lock",
        "latency",
        ...grades.columns.map((count) => grades.label(count)),
        "fair",
        "share",
        "longest wait",
        "mean wait",
        "FIFO",
        "spins on",
        "RMW/CS",
        `space P=${all}`,
        "signals",
      ],
      rows,
    },
  ];
}

function barrierTable(grades: Grades): ReportTable[] {
  const all = grades.contended;
  const rows = grades
    .algorithms("barrier")
    .map((algorithm) => [
      algorithm.name,
      ...grades.counts.map((count) => grades.time(algorithm, "episodeTime", count)),
      algorithm.spins!,
      grades.bytes(algorithm, all),
      algorithm.signals!,
    ]);
  if (rows.length === 0) return [];
  return [
    {
      title: "Barriers",
      note:
        "P=n: time of an episode with n processors (median). spins on and signals are known by construction." +
        grades.cutOffNote,
      columns: [
        "barrier",
        ...grades.counts.map((count) => grades.label(count)),
        "spins on",
        `space P=${all}`,
        "signals",
      ],
      rows,
    },
  ];
}

function counterTable(grades: Grades): ReportTable[] {
  const all = grades.contended;
  const rows = grades.algorithms("counter").map((algorithm) => {
    const alone = grades.summary(algorithm, "throughput", 1)?.median;
    const together = grades.summary(algorithm, "throughput", all)?.median;
    return [
      algorithm.name,
      ...grades.counts.map((count) => grades.time(algorithm, "additionTime", count)),
      alone && together ? `${formatNumber(together / alone)}x` : UNMEASURED,
      grades.time(algorithm, "approximateRead", all),
      grades.time(algorithm, "exactRead", all),
      algorithm.reads!,
      grades.bytes(algorithm, all),
    ];
  });
  if (rows.length === 0) return [];
  return [
    {
      title: "Counters",
      note:
        "P=n: elapsed time by additions of all n processors (median). speed-up: additions a second with " +
        `P=${all} by those with P=1. reads: what the cheap read promises, by construction.`,
      columns: [
        "counter",
        ...grades.counts.map((count) => grades.label(count)),
        "speed-up",
        "cheap read",
        "exact read",
        "reads",
        `space P=${all}`,
      ],
      rows,
    },
  ];
}

function percent(part: number): string {
  return `${Math.round(part * 100)}%`;
}
