import { join } from "node:path";
import type { Command } from "commander";
import { FULL, QUICK } from "../experiments/effort.js";
import { canCommunicate, evaluate } from "../experiments/evaluate.js";
import type { Machine } from "../machines/machine.js";
import { type Algorithm, loadKernel } from "../program/kernel.js";
import { type Kind, PLURALS } from "../program/kinds.js";
import { renderPage } from "../report/page.js";
import { machineReports } from "../report/report.js";
import { formatTable } from "../report/table.js";
import { matches } from "./algorithms.js";
import { CALLS, evaluateCallsOf } from "./evaluate-calls.js";
import { MACHINE_NAMES, openMachine } from "./open-machine.js";
import { checkWritable, outputWidth, writeWhole } from "./output.js";
import { ProgressLine } from "./progress.js";
import { Interrupted, parseProcessors, parseSeed, UsageError } from "./usage.js";

/** Kinds that are measured where they are asked for. */
const LEFT_OUT: ReadonlySet<Kind> = new Set(["policy", "object"]);

/** This computer, and one machine of each architecture: bus, dance hall, distributed shared memory, messages. */
const DEFAULT_MACHINES = "native,symmetry,ultracomputer,dash,cluster";

interface Options {
  readonly machine: string;
  readonly only?: string;
  readonly processors?: string;
  readonly quick?: true;
  readonly full?: true;
  readonly json?: string;
  readonly report: string;
  readonly seed: string;
}

export function addEvaluate(program: Command): void {
  program
    .command("evaluate")
    .description(
      "measure every lock, barrier and counter, on this computer and on others, and grade them; or scheduling, objects or calls",
    )
    .option("--machine <LIST>", `machines: ${MACHINE_NAMES}`, DEFAULT_MACHINES)
    .option(
      "--only <LIST>",
      "kinds or algorithms, such as locks,barriers or mcs,scheduling (default: all kinds but scheduling and objects); or " +
        "calls, between protection domains",
    )
    .option(
      "--processors <LIST>",
      "numbers of processors (default: 1, 2, 4 ... all; of this computer's cores also 2x, 4x)",
    )
    .option("--quick", "half a minute on two cores (default)")
    .option("--full", "longer and more repetitions, for results to keep")
    .option("--json <FILE>", "also write the measurements there, one array of rows; - for standard output")
    .option("--report <DIR>", "folder for index.html and results.json", "report")
    .option("--seed <N>", "seed of all random delays", "1")
    .action(run);
}

async function run(options: Options, command: Command): Promise<void> {
  if (options.quick && options.full) {
    throw new UsageError("Cannot evaluate: received both --quick and --full; expected one of them");
  }
  const only = options.only?.split(",").map((name) => name.trim());
  if (only?.includes(CALLS)) {
    if (only.length > 1) {
      throw new UsageError(`Cannot evaluate "${options.only}": received calls and others; expected calls alone`);
    }
    const isGiven = command.getOptionValueSource("machine") !== "default";
    return evaluateCallsOf({ ...options, machine: isGiven ? options.machine : undefined });
  }
  const kernel = await loadKernel();
  const effort = options.full ? FULL : QUICK;
  const seed = parseSeed(options.seed);
  const machines = await openMachines(options.machine);
  const algorithms = chooseAlgorithms(kernel.algorithms, options.only, machines);
  const smallest = machines.toSorted((a, b) => a.maximum - b.maximum)[0]!;
  const processors = options.processors === undefined ? undefined : parseProcessors(options.processors, smallest);
  const page = await checkWritable("the report", options.report && join(options.report, "index.html"), true);
  const results = await checkWritable("the report", join(options.report, "results.json"), true);
  const toFile = options.json !== undefined && options.json !== "-";
  const json = toFile ? await checkWritable("the measurements", options.json, false) : undefined;

  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort(new Interrupted());
  process.once("SIGINT", onInterrupt).once("SIGTERM", onInterrupt);
  const line = new ProgressLine();
  try {
    const rows = await evaluate(machines, kernel, {
      effort,
      seed,
      algorithms,
      ...(processors && { processors }),
      signal: interrupt.signal,
      progress: ({ done, total, machine, algorithm, processors }) =>
        line.show(done, total, `${machine}: ${algorithm}, P=${processors}`),
    });
    line.clear();
    const reports = machineReports(rows, kernel.algorithms);
    // Where the rows go to standard output, what is for people goes beside it.
    const say = options.json === "-" ? console.error : console.log;
    for (const { facts, warning, tables } of reports) {
      const told = Object.entries(facts).map(([name, value]) => `${name}: ${value}`);
      say(`\n${told.join("; ")}\n`);
      if (warning !== undefined) say(`Warning: ${warning}\n`);
      for (const table of tables) say(`${formatTable(table, outputWidth())}\n`);
    }
    const rowsText = `${JSON.stringify(rows)}\n`;
    if (options.json === "-") process.stdout.write(rowsText);
    await writeWhole(page, await renderPage(reports, kernel.algorithms));
    await writeWhole(results, rowsText);
    if (json !== undefined) await writeWhole(json, rowsText);
    say(`Plots: ${page}\nMeasurements: ${results}${json === undefined ? "" : `, ${json}`}`);
  } finally {
    line.clear();
    process.off("SIGINT", onInterrupt).off("SIGTERM", onInterrupt);
    await Promise.all(machines.map((machine) => machine.close()));
  }
}

async function openMachines(list: string): Promise<Machine[]> {
  const machines = await Promise.all(list.split(",").map((name) => openMachine(name.trim())));
  const names = machines.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new UsageError(`Cannot evaluate on "${list}": received ${twice} twice; expected each machine once`);
  }
  return machines;
}

/**
 * Those that --only names and a machine can run: named ones must be, of all of a kind those that can. Policies are measured
 * where they are asked for: they take minutes.
 */
function chooseAlgorithms(
  catalogue: readonly Algorithm[],
  only: string | undefined,
  machines: readonly Machine[],
): readonly Algorithm[] {
  const names = only?.split(",").map((name) => name.trim());
  for (const name of names ?? []) {
    const meant = catalogue.filter((algorithm) => matches(algorithm, name));
    if (meant.length === 0) {
      throw new UsageError(
        `Cannot evaluate "${name}": received an unknown algorithm; expected ${PLURALS}, ${CALLS} or one of ` +
          catalogue.map((algorithm) => algorithm.name).join(", "),
      );
    }
    if (!meant.some((algorithm) => machines.some((machine) => canCommunicate(machine, algorithm)))) {
      throw new UsageError(
        `Cannot evaluate "${name}" on ${machines.map((machine) => machine.name).join(", ")}: received what ` +
          `communicates by ${meant[0]!.communicates ?? "shared memory"}; expected what communicates by ` +
          [...new Set(machines.map((machine) => machine.communication))].join(" or "),
      );
    }
  }
  return catalogue.filter((algorithm) =>
    names === undefined ? !LEFT_OUT.has(algorithm.kind) : names.some((name) => matches(algorithm, name)),
  );
}
