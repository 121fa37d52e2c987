/** The tables of calls between protection domains. */
import { byMachine, type Measurement, type Metric, select, summarize } from "../experiments/measurement.js";
import { DIRECT } from "../experiments/native-calls.js";
import { UNMEASURED } from "./grades.js";
import { formatNumber, type ReportTable, type Term } from "./table.js";

const unique = <T>(values: readonly T[]) => [...new Set(values)];

/** Tables for each machine: what a call takes, by procedure; its parts; and how many get through. */
export function callTables(rows: readonly Measurement[], megahertz: (machine: string) => number): ReportTable[] {
  return [...byMachine(rows)].flatMap(([machine, own]) => [
    costTable(machine, own, megahertz(machine)),
    partsTable(machine, own),
    throughputTable(machine, own, megahertz(machine)),
  ]);
}

const COLUMNS: readonly (readonly [Metric, Term])[] = [
  ["callCycles", { word: "cycles", meaning: "of one call and its return, by one client alone" }],
  ["copies", { word: "copies", meaning: "of arguments and results, by kernel and stubs" }],
  ["traps", { word: "traps", meaning: "system calls of client and server" }],
  ["switches", { word: "switches", meaning: "changes of the context" }],
  ["interrupts", { word: "interrupts", meaning: "from processors" }],
  ["translationMisses", { word: "TLB misses", meaning: "of data and of code" }],
  ["kernelInstructions", { word: "kernel", meaning: "instructions of the kernel" }],
  ["userInstructions", { word: "user", meaning: "instructions of client and server" }],
];

function costTable(machine: string, rows: readonly Measurement[], megahertz: number): ReportTable {
  const calls = rows.filter(({ metric }) => metric === "callCycles");
  return {
    title: `Calls on ${machine}`,
    note: "Each is the difference of two runs, when all is in caches and translated.",
    columns: ["call", "µs", ...COLUMNS.map(([, { word }]) => word)],
    terms: [undefined, undefined, ...COLUMNS.map(([, term]) => term)],
    rows: calls.map(({ algorithm, detail, value }) => [
      `${algorithm}: ${detail}`,
      (value / megahertz).toPrecision(3),
      ...COLUMNS.map(([metric]) => {
        const row = rows.find(
          (each) => each.metric === metric && each.algorithm === algorithm && each.detail === detail,
        );
        return row === undefined ? UNMEASURED : formatNumber(row.value);
      }),
    ]),
  };
}

/** By mechanism, of the first procedure. */
function partsTable(machine: string, rows: readonly Measurement[]): ReportTable {
  const parts = rows.filter(({ metric, detail }) => metric === "phase" && detail!.startsWith("Null: "));
  const names = unique(parts.map(({ detail }) => detail!.slice("Null: ".length)));
  return {
    title: `Parts of a Null call on ${machine}, in cycles`,
    note: "A part begins where its code is entered: ways into the kernel and out of it are with the part that they end.",
    columns: ["mechanism", ...names],
    rows: unique(parts.map(({ algorithm }) => algorithm)).map((algorithm) => [
      algorithm,
      ...names.map((name) => {
        const row = parts.find((each) => each.algorithm === algorithm && each.detail === `Null: ${name}`);
        return row === undefined ? UNMEASURED : formatNumber(row.value);
      }),
    ]),
  };
}

function throughputTable(machine: string, rows: readonly Measurement[], megahertz: number): ReportTable {
  const measured = rows.filter(({ metric }) => metric === "throughput");
  const counts = unique(measured.map(({ processors }) => processors)).sort((a, b) => a - b);
  return {
    title: `Null calls a second on ${machine}, by processors`,
    note: "Each processor has a client. In brackets: how many times as many as with the first number of processors.",
    columns: ["mechanism", ...counts.map((count) => `P=${count}`)],
    rows: unique(measured.map(({ algorithm }) => algorithm)).map((algorithm) => {
      const of = (processors: number) => select(measured, { algorithm, processors })[0];
      return [
        algorithm,
        ...counts.map((count) => {
          const value = of(count);
          if (value === undefined) return UNMEASURED;
          // Calls in a thousand cycles, at so many million cycles a second.
          const speedup = value / of(counts[0]!)!;
          return `${formatNumber(value * megahertz * 1000)} (${speedup.toFixed(1)})`;
        }),
      ];
    }),
  };
}

/** What a call takes on this computer, beside the direct one of the same procedure. */
export function nativeCallTable(rows: readonly Measurement[]): ReportTable {
  const of = (algorithm: string, detail: string) =>
    summarize(rows.filter((row) => row.algorithm === algorithm && row.detail === detail).map(({ value }) => value))!;
  const calls = new Map(rows.map((row) => [`${row.algorithm}: ${row.detail}`, row]));
  const [first] = rows;
  return {
    title: `Calls on native, ${first!.cpu}`,
    note:
      `Nanoseconds of one call, medians of ${1 + Math.max(...rows.map(({ repetition }) => repetition))} rounds. Domains are ` +
      "instances on one thread; messages go to another thread. BigInOut takes 200 bytes and gives 200 back, which a direct " +
      `call copies, too. Load ${first!.load.toFixed(1)}.`,
    columns: ["call", "ns", "least..most", "by direct"],
    rows: [...calls].map(([call, { algorithm, detail }]) => {
      const { median, minimum, maximum } = of(algorithm, detail!);
      return [
        call,
        formatNumber(median),
        `${formatNumber(minimum)}..${formatNumber(maximum)}`,
        (median / of(DIRECT, detail!).median).toPrecision(2),
      ];
    }),
  };
}
