import type { Command } from "commander";
import { type Algorithm, loadKernel } from "../program/kernel.js";
import { type Claim, claimsOf, type Load } from "../proofs/claim.js";
import type { Exploration } from "../proofs/prover.js";
import { proveAll, type Report, type Task } from "../proofs/workers.js";
import { type Explored, proofRows, proofTable, violationTexts } from "../report/proofs.js";
import { formatTable } from "../report/table.js";
import { matches } from "./algorithms.js";
import { outputWidth } from "./output.js";
import { ProgressLine } from "./progress.js";
import { Interrupted, parseWhole, UsageError } from "./usage.js";

interface Options {
  readonly processors?: string;
  readonly turns?: string;
  readonly quick?: true;
  readonly json?: true;
}

export function addProve(program: Command): void {
  program
    .command("prove")
    .description("explore all states that locks, barriers and counters can get into, and say what holds in all of them")
    .argument("[ALGORITHMS...]", "which, or locks, barriers, counters (default: all)")
    .option("--processors <N>", "how many take part, up to 10, instead of several numbers; needs --turns")
    .option("--turns <N>", "acquisitions, episodes or additions of each")
    .option("--quick", "only all states under sequential consistency")
    .option("--json", "print what was explored for programs, one array of rows")
    .action(run);
}

async function run(names: readonly string[], options: Options): Promise<void> {
  const load = loadOf(options);
  const kernel = await loadKernel();
  const tasks: Task[] = chooseAlgorithms(kernel.algorithms, names)
    .flatMap((algorithm) => claimsOf(algorithm, load))
    .flatMap((claim) => explorationsOf(claim, options).map((exploration) => ({ claim, exploration })));
  const reports = new Map<Task, Report>();
  let over = 0;
  const interrupt = new AbortController();
  const onInterrupt = () =>
    interrupt.abort(new Interrupted(`Interrupted: ${over} of ${tasks.length} explored to the end`));
  process.once("SIGINT", onInterrupt).once("SIGTERM", onInterrupt);
  const line = new ProgressLine();
  const onReport = (task: Task, report: Report) => {
    reports.set(task, report);
    if (report.kind !== "covered") over++;
    line.show(over, tasks.length, progressText(task, report));
  };
  try {
    await proveAll(kernel, tasks, { signal: interrupt.signal, onReport });
  } finally {
    line.clear();
    process.off("SIGINT", onInterrupt).off("SIGTERM", onInterrupt);
    print({ tasks, reports }, options.json);
  }
  const wrong = [...reports.values()].filter((report) => report.kind === "explored" && report.verdict.violation);
  if (wrong.length > 0) throw new Error(`${wrong.length} of ${tasks.length} do not hold`);
}

/** Executions are counted where nothing is added to what the program does. */
function explorationsOf({ property }: Claim, { quick }: Options): Exploration[] {
  if (quick) return [{ model: "sc", mode: "states" }];
  return [
    { model: "sc", mode: "states" },
    ...(property === "order" ? [] : ([{ model: "sc", mode: "executions" }] as const)),
    { model: "tso", mode: "states" },
  ];
}

function progressText({ claim, exploration: { model, mode } }: Task, report: Report): string {
  const { algorithm, processors, turns } = claim;
  const count = report.kind === "covered" ? `: ${report.covered[mode]}` : "";
  return `${algorithm} ${processors} x ${turns}, ${model} ${mode}${count}`;
}

function print(explored: Explored, json: boolean | undefined): void {
  if (json) {
    console.log(JSON.stringify(proofRows(explored)));
    return;
  }
  console.log(formatTable(proofTable(explored), outputWidth()));
  for (const text of violationTexts(explored)) console.log(`\n${text}`);
}

function loadOf({ processors, turns }: Options): Load | undefined {
  if (processors === undefined && turns === undefined) return undefined;
  if (processors === undefined || turns === undefined) {
    throw new UsageError("Cannot prove: received one of --processors and --turns; expected both or none");
  }
  return {
    processors: parseWhole("--processors", processors, 1, 10),
    turns: parseWhole("--turns", turns, 1, 1e6),
  };
}

function chooseAlgorithms(catalogue: readonly Algorithm[], names: readonly string[]): readonly Algorithm[] {
  const unknown = names.find((name) => !catalogue.some((algorithm) => matches(algorithm, name)));
  if (unknown !== undefined) {
    throw new UsageError(
      `Cannot prove "${unknown}": received an unknown algorithm; expected locks, barriers, counters or one of ` +
        catalogue.map((algorithm) => algorithm.name).join(", "),
    );
  }
  return catalogue.filter((algorithm) => names.length === 0 || names.some((name) => matches(algorithm, name)));
}
