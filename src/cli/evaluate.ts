import { join } from "node:path";
import type { Command } from "commander";
import { defaultProcessors, evaluate, FULL, QUICK } from "../experiments/evaluate.js";
import { MAXIMUM_PROCESSORS, NativeMachine } from "../machines/native/machine.js";
import { type Algorithm, loadKernel } from "../program/kernel.js";
import { gradingTables } from "../report/grading.js";
import { renderPage } from "../report/page.js";
import { formatTable } from "../report/table.js";
import { checkWritable, outputWidth, writeWhole } from "./output.js";
import { ProgressLine } from "./progress.js";
import { Interrupted, parseProcessors, parseSeed, UsageError } from "./usage.js";

interface Options {
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
    .description("measure every lock, barrier and counter on this computer and grade them")
    .option("--only <LIST>", "kinds or algorithms, such as locks,barriers or mcs,ticket (default: all)")
    .option(
      "--processors <LIST>",
      `numbers of processors, 1 to ${MAXIMUM_PROCESSORS} (default: 1, 2, 4 ... all cores, 2x, 4x)`,
    )
    .option("--quick", "a minute on two cores (default)")
    .option("--full", "longer and more repetitions, for results to keep")
    .option("--json <FILE>", "also write the measurements there, one array of rows; - for standard output")
    .option("--report <DIR>", "folder for index.html and results.json", "report")
    .option("--seed <N>", "seed of all random delays", "1")
    .action(run);
}

async function run(options: Options): Promise<void> {
  const kernel = await loadKernel();
  const algorithms = chooseAlgorithms(kernel.algorithms, options.only);
  if (options.quick && options.full) {
    throw new UsageError("Cannot evaluate: received both --quick and --full; expected one of them");
  }
  const effort = options.full ? FULL : QUICK;
  const seed = parseSeed(options.seed);
  const chosen = options.processors === undefined ? undefined : parseProcessors(options.processors, MAXIMUM_PROCESSORS);
  const page = await checkWritable("the report", options.report && join(options.report, "index.html"));
  const results = await checkWritable("the report", join(options.report, "results.json"));
  const toFile = options.json !== undefined && options.json !== "-";
  const json = toFile ? await checkWritable("the measurements", options.json) : undefined;

  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort(new Interrupted());
  process.once("SIGINT", onInterrupt).once("SIGTERM", onInterrupt);
  const line = new ProgressLine();
  const machine = new NativeMachine();
  try {
    const processors = chosen ?? defaultProcessors(machine.cores);
    const rows = await evaluate(machine, kernel, {
      effort,
      seed,
      processors,
      algorithms,
      signal: interrupt.signal,
      progress: ({ done, total, algorithm, processors }) => line.show(done, total, `${algorithm}, P=${processors}`),
    });
    line.clear();
    const tables = gradingTables(rows, kernel.algorithms);
    // Where the rows go to standard output, what is for people goes beside it.
    const say = options.json === "-" ? console.error : console.log;
    const { cpu, cores, node, pinned, load } = rows[0]!;
    say(
      `\n${cpu}, ${cores} cores, threads ${pinned ? "pinned" : "not pinned (koffi pins them on Linux)"}, ` +
        `Node ${node}, load ${load.toFixed(2)}, seed ${seed}, ${effort.repetitions} repetitions\n`,
    );
    for (const table of tables) say(`${formatTable(table, outputWidth())}\n`);
    const rowsText = `${JSON.stringify(rows)}\n`;
    if (options.json === "-") process.stdout.write(rowsText);
    await writeWhole(page, await renderPage(rows, kernel.algorithms, tables));
    await writeWhole(results, rowsText);
    if (json !== undefined) await writeWhole(json, rowsText);
    say(`Plots: ${page}\nMeasurements: ${results}${json === undefined ? "" : `, ${json}`}`);
  } finally {
    line.clear();
    process.off("SIGINT", onInterrupt).off("SIGTERM", onInterrupt);
    await machine.close();
  }
}

function chooseAlgorithms(catalogue: readonly Algorithm[], only: string | undefined): readonly Algorithm[] {
  if (only === undefined) return catalogue;
  const names = only.split(",").map((name) => name.trim());
  for (const name of names) {
    if (catalogue.some((algorithm) => matches(algorithm, name))) continue;
    throw new UsageError(
      `Cannot evaluate "${name}": received an unknown algorithm; expected locks, barriers, counters or one of ` +
        catalogue.map((algorithm) => algorithm.name).join(", "),
    );
  }
  return catalogue.filter((algorithm) => names.some((name) => matches(algorithm, name)));
}

function matches(algorithm: Algorithm, name: string): boolean {
  return name === algorithm.name || name === `${algorithm.kind}s`;
}
