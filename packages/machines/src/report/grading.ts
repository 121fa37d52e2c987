import type { Measurement } from "../experiments/measurement.js";
import type { Algorithm } from "../program/kernel.js";
import { KINDS, type Kind, pluralOf } from "../program/kinds.js";
import type { Column } from "./column.js";
import { Grades, percent, UNMEASURED } from "./grades.js";
import { lentNote, loadsOf, policyColumns, reloadTable } from "./scheduling.js";
import { formatNumber, type ReportTable } from "./table.js";

/** A grading table, and what it grades. */
export interface GradingTable extends ReportTable {
  readonly kind: Kind;
  /** Where there are several of one kind: which. */
  readonly part?: string;
}

/**
 * By which part the network references of a wait that is four times as long grow: more, and waiting touches the network
 * as long as it lasts. Without pauses they quadruple, with delays that grow linearly they double; what the order of
 * arrivals changes is below.
 */
const TOUCHES_NETWORK = 0.3;
/** Of those who wait on, the part that a release disturbs: more, and they wait on words that they share. */
const SHARED = 0.5;

/** The grading tables of one machine, one a kind of algorithm, as far as its rows hold something of that kind. */
export function gradingTables(rows: readonly Measurement[], algorithms: readonly Algorithm[]): GradingTable[] {
  if (rows.length === 0) return [];
  const grades = new Grades(rows, algorithms);
  return KINDS.flatMap((kind) =>
    kind === "policy" ? policyTables(rows, algorithms) : gradingTable(grades, kind, COLUMNS[kind](grades)),
  );
}

/** One for each load, and one of what reloading takes. */
function policyTables(rows: readonly Measurement[], algorithms: readonly Algorithm[]): GradingTable[] {
  const reloading = reloadTable(rows);
  const loads = loadsOf(rows).flatMap(({ load, rows: some }) => {
    const grades = new Grades(some, algorithms);
    return gradingTable(grades, "policy", policyColumns(grades), load, lentNote(rows));
  });
  return reloading === undefined ? loads : [...loads, { kind: "policy", part: "reloading", ...reloading }];
}

const COLUMNS: Readonly<Record<Exclude<Kind, "policy">, (grades: Grades) => Column[]>> = {
  lock: lockColumns,
  barrier: barrierColumns,
  counter: counterColumns,
  object: objectColumns,
};

function gradingTable(
  grades: Grades,
  kind: Kind,
  columns: readonly Column[],
  part?: string,
  note = "",
): GradingTable[] {
  const rows = grades.algorithms(kind).map((algorithm) => {
    const needs = grades.needs(algorithm);
    return needs === undefined
      ? [algorithm.name, ...columns.map(({ cell }) => cell(algorithm))]
      : [algorithm.name, `not available: needs ${needs}`];
  });
  if (rows.length === 0) return [];
  return [
    {
      kind,
      ...(part !== undefined && { part }),
      title:
        `${capitalized(pluralOf(kind))} on ${grades.machine}${part === undefined ? "" : `, ${part}`}` +
        (grades.simulated ? ", times in cycles" : ""),
      note: `Where a heading names no number of processors: at P=${grades.contended}.${grades.cutOffNote}${note}`,
      columns: [kind, ...columns.map(({ heading }) => heading)],
      terms: [
        undefined,
        ...columns.map(({ heading, meaning }) => (typeof meaning === "string" ? { word: heading, meaning } : meaning)),
      ],
      rows,
    },
  ];
}

function lockColumns(grades: Grades): Column[] {
  // On a machine that has no more processors than cores all are of interest; else all cores, and what lies beyond.
  const counts = grades.counts.filter((count) => count > 1 && (grades.simulated || count >= grades.contended));
  const passing = { word: "P=n", meaning: "median time between acquisitions with n processors asking all the time" };
  return [
    {
      heading: "latency",
      meaning: "an uncontended acquire and release",
      cell: (algorithm) => grades.time(algorithm, "latency", 1),
    },
    ...counts.map((count) => ({
      heading: grades.label(count),
      meaning: passing,
      cell: (algorithm: Algorithm) => grades.time(algorithm, "passingTime", count),
    })),
    {
      heading: "fair",
      meaning: "Jain's index of the processors' shares; 1 is equal",
      cell: (algorithm) => grades.cell(algorithm, "fairness", (index) => index.toFixed(2)),
    },
    {
      heading: "share",
      meaning: "a processor's part of the acquisitions, least..most",
      cell: (algorithm) => {
        const share = grades.summary(algorithm, "share");
        return share ? `${percent(share.minimum)}..${percent(share.maximum)}` : UNMEASURED;
      },
    },
    {
      heading: "longest wait",
      meaning: "the longest time from asking for the lock to holding it",
      cell: (algorithm) => {
        const longest = grades.summary(algorithm, "longestWait");
        return longest ? grades.formatTime(longest.maximum) : UNMEASURED;
      },
    },
    {
      heading: "mean wait",
      meaning: "the mean time from asking for the lock to holding it",
      cell: (algorithm) => grades.time(algorithm, "meanWait"),
    },
    ...(grades.simulated ? simulatedLockColumns(grades) : knownLockColumns()),
    spaceColumn(grades),
  ];
}

/** What the authors say, where no machine looks. */
function knownLockColumns(): Column[] {
  return [
    {
      heading: "FIFO",
      meaning:
        "whether acquisitions are granted in the order of asking, by construction; simulated machines measure it",
      cell: ({ order }) => (order === "fifo" ? "yes" : "no"),
    },
    ...knownWaitingColumns(),
  ];
}

function knownWaitingColumns(): Column[] {
  return [
    {
      heading: "spins on",
      meaning: "what waiters read again and again, by construction; simulated machines measure it",
      cell: ({ spins }) => spins!,
    },
    {
      heading: "signals",
      meaning: "how many waiters one write releases, by construction",
      cell: ({ signals }) => signals!,
    },
  ];
}

function simulatedLockColumns(grades: Grades): Column[] {
  return [
    {
      heading: "overtaken",
      meaning: "waits during which another processor acquired twice; 0% is first come, first served",
      cell: (algorithm) => grades.cell(algorithm, "overtaken", percent),
    },
    ...operationColumns(grades, "lock", "CS", "critical section"),
    ...waitingColumns(grades, "lock"),
    ...spinsOnColumns(grades),
    ...bystanderColumns(grades),
    grades.busiestLinkColumn,
  ];
}

function barrierColumns(grades: Grades): Column[] {
  const episode = { word: "P=n", meaning: "median time of an episode with n processors" };
  return [
    ...grades.counts.map((count) => ({
      heading: grades.label(count),
      meaning: episode,
      cell: (algorithm: Algorithm) => grades.time(algorithm, "episodeTime", count),
    })),
    ...(grades.simulated
      ? [
          ...operationColumns(grades, "barrier", "episode"),
          ...waitingColumns(grades, "barrier"),
          grades.busiestLinkColumn,
        ]
      : knownWaitingColumns()),
    spaceColumn(grades),
  ];
}

function counterColumns(grades: Grades): Column[] {
  const addition = { word: "P=n", meaning: "median of elapsed time by the additions of all n processors" };
  return [
    ...grades.counts.map((count) => ({
      heading: grades.label(count),
      meaning: addition,
      cell: (algorithm: Algorithm) => grades.time(algorithm, "additionTime", count),
    })),
    {
      heading: "speed-up",
      meaning: "additions in the same time, by those with P=1",
      cell: (algorithm) => {
        const alone = grades.summary(algorithm, "throughput", 1)?.median;
        const together = grades.summary(algorithm, "throughput")?.median;
        return alone && together ? `${formatNumber(together / alone)}x` : UNMEASURED;
      },
    },
    {
      heading: "cheap read",
      meaning: "one read of the cheap kind while nobody adds",
      cell: (algorithm) => grades.time(algorithm, "approximateRead"),
    },
    {
      heading: "exact read",
      meaning: "one read of the exact kind while nobody adds",
      cell: (algorithm) => grades.time(algorithm, "exactRead"),
    },
    {
      heading: "reads",
      meaning: "what the cheap read promises, by construction",
      cell: ({ reads }) => reads!,
    },
    ...(grades.simulated ? [...operationColumns(grades, "counter", "addition"), grades.busiestLinkColumn] : []),
    spaceColumn(grades),
  ];
}

function objectColumns(grades: Grades): Column[] {
  const use = {
    word: "use, P=n",
    meaning: "median time of an operation that uses three objects, n processors doing so",
  };
  const steps = [
    ["callTime", "call", "a call through a reference that is in the translation table"],
    ["operationTime", "operation", "to begin an operation and to end it"],
    ["missTime", "miss", "the first use by a processor, which makes a representative"],
    ["createTime", "create", "to make an object"],
    ["destroyTime", "destroy", "until the object is gone for all"],
    ["reclaimTime", "reclaim", "until its memory has come back, where nobody else has used it"],
    ["roundTrip", "round trip", "from the destruction of an object that all have used to its memory's coming back"],
  ] as const;
  return [
    ...grades.counts.map((count) => ({
      heading: `use, ${grades.label(count)}`,
      meaning: use,
      cell: (algorithm: Algorithm) => grades.time(algorithm, "useTime", count),
    })),
    ...steps.map(([metric, heading, meaning]) => ({
      heading,
      meaning,
      cell: (algorithm: Algorithm) => grades.time(algorithm, metric),
    })),
    spaceColumn(grades),
  ];
}

/** What references do for one operation; what never happens on the machine is left out. */
function operationColumns(grades: Grades, kind: Kind, short: string, operation = short): Column[] {
  const counted = [
    ["readModifyWrites", "RMW", "read-modify-writes"],
    ["networkReferences", "network", "references and messages that leave the node or go over the bus"],
    ["invalidations", "lost", "lines that caches lose to others' writes"],
    ["updates", "updates", "words sent to others' copies"],
  ] as const;
  return counted
    .filter(([metric]) => grades.any(kind, metric))
    .map(([metric, word, meaning]) => ({
      heading: `${word}/${short}`,
      meaning: `${meaning}, for each ${operation}`,
      cell: (algorithm) => grades.cell(algorithm, metric),
    }));
}

/** What references do while waiting, where any of them touches the network. */
function waitingColumns(grades: Grades, kind: Kind): Column[] {
  if (!grades.any(kind, "waitingReferences")) return [];
  return [
    {
      heading: "network/wait",
      meaning: "references that leave the node or go over the bus in one long wait",
      cell: (algorithm) => grades.cell(algorithm, "waitingReferences"),
    },
    {
      heading: "4x as long",
      meaning: "how many more of these there are when the wait is four times as long",
      cell: (algorithm) =>
        grades.cell(algorithm, "waitingGrowth", (growth) => `${growth < 0 ? "" : "+"}${percent(growth)}`),
    },
  ];
}

function spinsOnColumns(grades: Grades): Column[] {
  const disturbed: Column = {
    heading: "disturbed",
    meaning: "the part of those who wait on after a release that it makes refer to memory beyond their caches",
    cell: (algorithm) => grades.cell(algorithm, "disturbed", percent),
  };
  // Where no wait touches the network, nothing tells those who refer to memory all the time.
  if (!grades.any("lock", "waitingReferences")) return [disturbed];
  return [
    disturbed,
    {
      heading: "spins on",
      meaning:
        "the network, if its references grow with the wait; shared words, if a release disturbs most of those who wait; " +
        "else private ones, or copies that it updates",
      cell: (algorithm) => spinsOn(grades, algorithm),
    },
  ];
}

function spinsOn(grades: Grades, algorithm: Algorithm): string {
  const growth = grades.summary(algorithm, "waitingGrowth")?.median;
  if (growth === undefined) return UNMEASURED;
  if (growth > TOUCHES_NETWORK) return "network";
  const disturbed = grades.summary(algorithm, "disturbed")?.median;
  if (disturbed !== undefined) return disturbed > SHARED ? "shared" : "private";
  // Of two nobody waits on; where more do, they refer all the time, but not over the network.
  return grades.contended > 2 ? "private" : UNMEASURED;
}

function bystanderColumns(grades: Grades): Column[] {
  const slowdown = (times: number) => `${times.toFixed(2)}x`;
  const beside = grades.largest("bystanderAtHome");
  if (beside === undefined) return [];
  const slower = (where: string) =>
    `how many times as long a processor that takes no part waits for memory ${where} as when nobody contends ` +
    `(at P=${beside})`;
  return [
    {
      heading: "at home",
      meaning: slower("at the lock's home"),
      cell: (algorithm) => grades.cell(algorithm, "bystanderAtHome", slowdown, beside),
    },
    {
      heading: "elsewhere",
      meaning: slower("at an idle node"),
      cell: (algorithm) => grades.cell(algorithm, "bystanderElsewhere", slowdown, beside),
    },
  ];
}

function spaceColumn(grades: Grades): Column {
  return {
    heading: "space",
    meaning: "memory for that many processors, with padding",
    cell: (algorithm) => grades.cell(algorithm, "space", (bytes) => `${bytes} B`),
  };
}

function capitalized(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1);
}
