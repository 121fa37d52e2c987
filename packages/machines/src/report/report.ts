import { byMachine, isSimulated, type Measurement } from "../experiments/measurement.js";
import type { Algorithm } from "../program/kernel.js";
import { type GradingTable, gradingTables } from "./grading.js";
import { counted } from "./values.js";

/** What is reported of one machine, in the terminal and on the page. */
export interface MachineReport {
  /** Where and how its rows were measured, by what each fact is called. */
  readonly facts: Readonly<Record<string, string>>;
  /** Why the machine's figures are not to be trusted; absent where nothing is known against them. */
  readonly warning?: string;
  /** At least one, all of the machine. */
  readonly rows: readonly Measurement[];
  readonly tables: readonly GradingTable[];
}

/** A report for each machine that the rows are of. */
export function machineReports(rows: readonly Measurement[], algorithms: readonly Algorithm[]): MachineReport[] {
  return [...byMachine(rows).values()].map((rows) => ({
    facts: factsOf(rows),
    ...warningOf(rows),
    rows,
    tables: gradingTables(rows, algorithms),
  }));
}

/** From which load on, by cores, other programs were running: what starts the evaluation stays below. */
const DISTURBING_LOAD = 0.5;

function warningOf(rows: readonly Measurement[]): Pick<MachineReport, "warning"> {
  const { load, cores } = rows.reduce((most, row) => (row.load > most.load ? row : most));
  if (isSimulated(rows) || load < DISTURBING_LOAD * cores) return {};
  return {
    warning:
      `Other programs kept the cores busy: the load average was ${load.toFixed(2)} on ${counted(cores, "core")} when ` +
      "the measurement began. Times with several processors are worthless. Measure again on an idle computer.",
  };
}

function factsOf(rows: readonly Measurement[]): Record<string, string> {
  const all = (of: (row: Measurement) => string) => [...new Set(rows.map(of))].join(", ");
  return {
    ...(isSimulated(rows)
      ? { Machine: all((row) => row.cpu), Processors: all((row) => `at most ${row.cores}`) }
      : {
          Processor: all((row) => row.cpu),
          Cores: all((row) => String(row.cores)),
          Threads: all((row) => (row.pinned ? "pinned to cores" : "not pinned (koffi pins them on Linux)")),
          "Load average at the start": all((row) => row.load.toFixed(2)),
        }),
    Node: all((row) => row.node),
    Seed: all((row) => String(row.seed)),
    Repetitions: String(1 + rows.reduce((most, row) => Math.max(most, row.repetition), 0)),
  };
}
