import type { Command } from "commander";
import { loadKernel } from "../program/kernel.js";
import type { Figure } from "../published/figure.js";
import { FIGURES } from "../published/index.js";
import { reproduce } from "../published/reproduce.js";
import { REPRODUCE } from "../published/reproduction.js";
import { shapesOf } from "../published/shapes.js";
import { comparisons } from "../published/verdict.js";
import { reproductionTable, verdictText } from "../report/reproduction.js";
import { formatTable } from "../report/table.js";
import { outputWidth } from "./output.js";
import { ProgressLine } from "./progress.js";
import { Interrupted, parseNames, parseSeed, UsageError } from "./usage.js";

interface Options {
  readonly json?: true;
  readonly seed: string;
}

export function addReproduce(program: Command): void {
  program
    .command("reproduce")
    .description("simulate the machines and models of published figures and set their curves beside the printed ones")
    .argument(
      "[FIGURES...]",
      `which: ${FIGURES.map(({ name }) => name).join(", ")} (default: all, a minute and a half)`,
    )
    .option("--json", "print the simulated measurements for programs, one array of rows")
    .option("--seed <N>", "seed of delays and of the machines' own choices", "1")
    .action(run);
}

async function run(lists: readonly string[], options: Options): Promise<void> {
  const names = parseNames(lists);
  const figures = names.length === 0 ? FIGURES : names.map(findFigure);
  const seed = parseSeed(options.seed);
  const kernel = await loadKernel();
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort(new Interrupted());
  process.once("SIGINT", onInterrupt).once("SIGTERM", onInterrupt);
  const line = new ProgressLine();
  try {
    const reproductions = await reproduce(figures, kernel, {
      effort: REPRODUCE,
      seed,
      signal: interrupt.signal,
      progress: ({ done, total, curve }) => line.show(done, total, curve),
    });
    line.clear();
    if (options.json) {
      console.log(JSON.stringify(reproductions.flatMap(({ rows }) => rows)));
      return;
    }
    const verdicts = reproductions.flatMap((reproduction) => [...comparisons(reproduction), ...shapesOf(reproduction)]);
    for (const reproduction of reproductions) {
      console.log(`${formatTable(reproductionTable(reproduction), outputWidth())}\n`);
    }
    const reached = verdicts.filter((verdict) => verdict.reached).length;
    console.log(`${verdictText(verdicts)}\n\n${reached} of ${verdicts.length} reached.`);
  } finally {
    line.clear();
    process.off("SIGINT", onInterrupt).off("SIGTERM", onInterrupt);
  }
}

function findFigure(name: string): Figure {
  const figure = FIGURES.find((candidate) => candidate.name === name);
  if (figure !== undefined) return figure;
  throw new UsageError(
    `Cannot reproduce "${name}": received an unknown figure; expected one of ` +
      FIGURES.map((candidate) => candidate.name).join(", "),
  );
}
