import type { BootProcessorMeasures, BootRun } from "../machines/simulated/privileged/boot-run.js";
import type { Cause } from "../program/privileged.js";
import { percent } from "./grades.js";
import { linkTables, referenceTable } from "./run.js";
import type { ReportTable } from "./table.js";

/** A counter of a processor, and its column's words. */
type Counter = readonly [words: string, count: (measures: BootProcessorMeasures) => number];

const TRAPS: readonly (readonly [Cause, string])[] = [
  ["TRANSLATION_MISS", "translation miss"],
  ["READ_ONLY", "read only"],
  ["SYSTEM_CALL", "system call"],
  ["GROW", "grow"],
  ["SIZE", "size"],
  ["WAIT", "wait"],
  ["NOTIFY", "notify"],
  ["PRIVILEGED", "privileged"],
  ["FAULT", "fault"],
];
const TRAP_COUNTERS = TRAPS.map(([cause, words]): Counter => [words, ({ traps }) => traps[cause]]);

const OTHER_COUNTERS: readonly Counter[] = [
  ["data misses", ({ dataMisses }) => dataMisses],
  ["code misses", ({ codeMisses }) => codeMisses],
  ["timer", ({ interrupts }) => interrupts.timer],
  ["completions", ({ interrupts }) => interrupts.completion],
  ["from processors", ({ interrupts }) => interrupts.processor],
  ["context switches", ({ contextSwitches }) => contextSwitches],
];

/** Where the time of a booted run went, and what its processors and devices did. */
export function bootTables(machine: string, run: BootRun): ReportTable[] {
  const { processors, elapsed } = run;
  return [
    timeTable(machine, run),
    ...countersTables(`Traps of ${machine}`, "by cause. What nobody did has no column.", processors, TRAP_COUNTERS),
    ...countersTables(
      `Translations, interrupts and contexts of ${machine}`,
      "data misses, code misses: references, and entries of functions, whose page the TLB lacked. timer, completions, from " +
        "processors: interrupts taken. context switches: executions of switch_to.",
      processors,
      OTHER_COUNTERS,
    ),
    deviceTable(machine, run),
    referenceTable(machine, processors),
    ...linkTables(machine, elapsed, run.links),
  ];
}

function timeTable(machine: string, { processors, elapsed }: BootRun): ReportTable {
  const sum = (count: (measures: BootProcessorMeasures) => number) =>
    processors.reduce((total, each) => total + count(each), 0);
  const row = (name: string, of: (count: (measures: BootProcessorMeasures) => number) => number, all: number) => {
    const cycles = [
      of(({ userCycles }) => userCycles),
      of(({ kernelCycles }) => kernelCycles),
      of(({ idleCycles }) => idleCycles),
    ];
    return [
      name,
      ...cycles.flatMap((spent) => [String(spent), percent(spent / all)]),
      String(of(({ userInstructions }) => userInstructions)),
      String(of(({ kernelInstructions }) => kernelInstructions)),
      String(of(({ stallCycles }) => stallCycles)),
    ];
  };
  const rows = processors.map((each, i) => row(String(i), (count) => count(each), elapsed));
  if (rows.length > 1) rows.push(row("all", sum, elapsed * processors.length));
  return {
    title: `Where the time went on ${machine}`,
    note:
      "user, kernel, idle: cycles in user mode, in kernel mode, and in idle, each with its part of the run. stalled: those of " +
      "them in which it waited for references, beyond a hit's.",
    columns: [
      "processor",
      "user",
      "part",
      "kernel",
      "part",
      "idle",
      "part",
      "user instructions",
      "kernel instructions",
      "stalled",
    ],
    rows,
  };
}

/** A row a processor and their sum, a column for each counter that one of them has; no table where none has any. */
function countersTables(
  title: string,
  note: string,
  processors: readonly BootProcessorMeasures[],
  counters: readonly Counter[],
): ReportTable[] {
  const counted = counters.filter(([, count]) => processors.some((each) => count(each) > 0));
  if (counted.length === 0) return [];
  const rows = processors.map((each, i) => [String(i), ...counted.map(([, count]) => String(count(each)))]);
  if (rows.length > 1) {
    const total = (count: Counter[1]) => processors.reduce((sum, each) => sum + count(each), 0);
    rows.push(["all", ...counted.map(([, count]) => String(total(count)))]);
  }
  return [{ title, note, columns: ["processor", ...counted.map(([words]) => words)], rows }];
}

function deviceTable(machine: string, { devices, elapsed }: BootRun): ReportTable {
  return {
    title: `Devices of ${machine}`,
    note: "busy: cycles for which it served the requests that have ended, and which part of the run.",
    columns: ["device", "kind", "requests", "busy", "of the time"],
    rows: devices.map(({ kind, requests, busyCycles }, number) => [
      String(number),
      kind,
      String(requests),
      String(busyCycles),
      percent(busyCycles / elapsed),
    ]),
  };
}
