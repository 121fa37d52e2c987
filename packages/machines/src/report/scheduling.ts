/** The tables of scheduling policies: what they reach under each load, and what reloading takes. */
import type { Measurement, Metric } from "../experiments/measurement.js";
import type { Algorithm } from "../program/kernel.js";
import type { Column } from "./column.js";
import { type Grades, percent, UNMEASURED } from "./grades.js";
import { formatNumber, type ReportTable } from "./table.js";

/**
 * The policies' rows by tasks a processor, the heaviest load first, without those that are of a part of the executions.
 * What could not be measured is with the first.
 */
export function loadsOf(rows: readonly Measurement[]): { readonly load: string; readonly rows: Measurement[] }[] {
  const ratios = new Map<number, Measurement[]>();
  for (const row of rows) {
    const { tasks, processors, intervening } = row;
    if (tasks === undefined || intervening !== undefined) continue;
    const some = ratios.get(tasks / processors);
    if (some) some.push(row);
    else ratios.set(tasks / processors, [row]);
  }
  const unavailable = rows.filter(({ workload, metric }) => workload === "policy" && metric === "unavailable");
  return [...ratios]
    .sort(([a], [b]) => b - a)
    .map(([ratio, some], i) => ({
      load: `${Number(ratio.toFixed(2))} tasks a processor`,
      rows: i === 0 ? [...some, ...unavailable] : some,
    }));
}

/** What the machine was lent, as a sentence. */
export function lentNote(rows: readonly Measurement[]): string {
  const lent = rows.find(({ metric }) => metric === "lent");
  return lent === undefined ? "" : ` The machine lacks ${lent.detail}; it was lent them, at the cost of its own.`;
}

export function policyColumns(grades: Grades): Column[] {
  const number = (metric: Metric, heading: string, meaning: string): Column => ({
    heading,
    meaning,
    cell: (algorithm) => grades.cell(algorithm, metric),
  });
  const time = (metric: Metric, heading: string, meaning: string): Column => ({
    heading,
    meaning,
    cell: (algorithm) => grades.time(algorithm, metric),
  });
  const effective = {
    word: "P=n",
    meaning:
      "throughput of n processors, as how many would do as much if they never had to reload, to wait or to decide",
  };
  return [
    ...grades.counts.map((count) => ({
      heading: grades.label(count),
      meaning: effective,
      cell: (algorithm: Algorithm) => grades.cell(algorithm, "effectiveProcessors", (value) => value.toFixed(2), count),
    })),
    time("response", "response", "from the moment at which a task becomes ready to the end of its execution, the mean"),
    number("secondMoment", "2nd moment", "of the response, in squares of a warm execution's mean"),
    time("responseP99", "p99", "the response that 99 of 100 are below"),
    number("intervening", "intervening", "tasks that the processor had done since it last executed this one, the mean"),
    {
      heading: "elsewhere",
      meaning: "executions whose task was executed last on another processor",
      cell: (algorithm) => grades.cell(algorithm, "elsewhere", percent),
    },
    time("deciding", "deciding", "to make a task ready and to ask for one, for each execution"),
    ...(grades.simulated ? simulatedColumns(grades, number, time) : []),
  ];
}

type MakeColumn = (metric: Metric, heading: string, meaning: string) => Column;

function simulatedColumns(grades: Grades, number: MakeColumn, time: MakeColumn): Column[] {
  return [
    time("reload", "reload", "how much longer an execution takes than a warm one"),
    number("coldMisses", "cold", "misses of an execution on lines that the cache never had"),
    number("capacityMisses", "capacity", "misses that a fully associative cache of that size would have, too"),
    number("conflictMisses", "conflict", "misses that it would not have"),
    number("sharingMisses", "sharing", "misses on lines that another processor's write took away"),
    grades.busiestLinkColumn,
    time("queueing", "waiting for it", "for which a message waits for that link, the mean"),
  ];
}

/** One processor executes tasks in turn: what of a footprint it has to reload, by footprint and intervening tasks. */
export function reloadTable(rows: readonly Measurement[]): ReportTable | undefined {
  const alone = rows.filter(({ metric, footprint }) => metric === "reload" && footprint !== undefined);
  if (alone.length === 0) return undefined;
  const sorted = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);
  const counts = sorted(alone.map(({ intervening }) => intervening!));
  return {
    title: `Reloading on ${alone[0]!.machine}, times in cycles`,
    note: "One processor executes tasks in turn, so that as many intervene as a heading says.",
    columns: ["footprint", ...counts.map(String)],
    rows: sorted(alone.map(({ footprint }) => footprint!)).map((footprint) => [
      footprintName(footprint),
      ...counts.map((count) => {
        const row = alone.find((each) => each.footprint === footprint && each.intervening === count);
        return row === undefined ? UNMEASURED : formatNumber(row.value);
      }),
    ]),
  };
}

export function footprintName(bytes: number): string {
  return `${Number((bytes / 1024).toFixed(2))} KiB`;
}
