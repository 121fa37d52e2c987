import type { Machine, Run } from "../machines/machine.js";
import type { LinkMeasures, ProcessorMeasures } from "../machines/measures.js";
import { percent } from "./grades.js";
import { formatNumber, formatTime, type ReportTable } from "./table.js";

/** The counters in the order in which they are printed, with the words of the table. */
const COUNTERS: readonly (readonly [keyof ProcessorMeasures, string])[] = [
  ["instructions", "instructions"],
  ["references", "references"],
  ["reads", "reads"],
  ["writes", "writes"],
  ["readModifyWrites", "RMW"],
  ["hits", "hits"],
  ["readMisses", "read misses"],
  ["writeMisses", "write misses"],
  ["coldMisses", "cold"],
  ["capacityMisses", "capacity"],
  ["conflictMisses", "conflict"],
  ["trueSharingMisses", "true sharing"],
  ["falseSharingMisses", "false sharing"],
  ["invalidations", "lost"],
  ["updates", "updates"],
  ["interventions", "interventions"],
  ["writeBacks", "write-backs"],
  ["cacheToCacheTransfers", "cache to cache"],
  ["networkReferences", "network"],
  ["waits", "waits"],
  ["waitingNetworkReferences", "network waiting"],
  ["stallCycles", "stalled"],
];

/** Links that are shown, those held longest. */
const SHOWN_LINKS = 16;

/** What a run brought, by processor and by link. */
export function runTables({ name, unit }: Pick<Machine, "name" | "unit">, run: Run): ReportTable[] {
  const { processors = [], links = [] } = run;
  return [processorTable(name, unit, run, processors), ...linkTables(name, run.elapsed, links)];
}

const COUNTED_NOTE =
  "RMW: read-modify-writes. Misses by cause: cold ... false sharing. lost: lines lost to others' writes. network: " +
  "references that left the node, or went over the bus. stalled: cycles of waiting for references, beyond a " +
  "hit's. What nobody did has no column.";

/** What the references of processors did, a row each and their sum. */
export function referenceTable(machine: string, measures: readonly ProcessorMeasures[]): ReportTable {
  const { columns, cells, totals } = countedOf(measures);
  const rows = measures.map((_, processor) => [String(processor), ...cells(processor)]);
  if (rows.length > 1) rows.push(["all", ...totals]);
  return { title: `References of ${machine}`, note: COUNTED_NOTE, columns: ["processor", ...columns], rows };
}

/** The counters that one of the processors has. */
function countedOf(measures: readonly ProcessorMeasures[]) {
  const counted = COUNTERS.filter(([counter]) => measures.some((each) => each[counter] > 0));
  const total = (counter: keyof ProcessorMeasures) => measures.reduce((sum, each) => sum + each[counter], 0);
  return {
    columns: counted.map(([, words]) => words),
    cells: (processor: number) => counted.map(([counter]) => String(measures[processor]![counter])),
    totals: counted.map(([counter]) => String(total(counter))),
  };
}

function processorTable(
  machine: string,
  unit: string,
  { results, durations }: Run,
  measures: readonly ProcessorMeasures[],
): ReportTable {
  const { columns, cells, totals } = countedOf(measures);
  const time = (duration: number | undefined) =>
    duration === undefined ? "cut off" : unit === "cycles" ? String(duration) : formatTime(duration);
  const rows = results.map((result, processor) => [
    String(processor),
    result === undefined ? "-" : String(result),
    time(durations[processor]),
    ...cells(processor),
  ]);
  if (rows.length > 1 && columns.length > 0) rows.push(["all", "", "", ...totals]);
  return {
    title: `Processors of ${machine}`,
    note: columns.length === 0 ? "time: from the common begin to the entry's return." : COUNTED_NOTE,
    columns: ["processor", "result", unit === "cycles" ? "cycles" : "time", ...columns],
    rows,
  };
}

/** The links that were used, those held longest, as a table; none where no link was. */
export function linkTables(machine: string, elapsed: number, all: readonly LinkMeasures[]): ReportTable[] {
  const links = all.filter(({ transactions }) => transactions > 0);
  return links.length > 0 ? [linkTable(machine, elapsed, links)] : [];
}

function linkTable(machine: string, elapsed: number, links: readonly LinkMeasures[]): ReportTable {
  const left = links.length - SHOWN_LINKS;
  return {
    title: `Links of ${machine}`,
    note:
      "held: cycles in which it served, and which part of the run. queueing: cycles that each transaction waited for it, " +
      `on average and at most.${left > 0 ? ` ${left} links that were held less: with --json.` : ""}`,
    columns: ["link", "transactions", "held", "of the time", "mean queueing", "longest"],
    rows: links
      .toSorted((a, b) => b.busyCycles - a.busyCycles)
      .slice(0, SHOWN_LINKS)
      .map(({ name, transactions, busyCycles, queueingCycles, longestQueueing }) => [
        name,
        String(transactions),
        String(busyCycles),
        percent(busyCycles / elapsed),
        formatNumber(queueingCycles / transactions),
        String(longestQueueing),
      ]),
  };
}
