import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { type LitmusTest, OBSERVATIONS } from "../litmus/litmus-test.js";
import { parseLitmus } from "../litmus/parse.js";
import { type LitmusRun, runLitmus, unmetExpectation } from "../litmus/run.js";
import { LitmusError } from "../litmus/tokens.js";
import { type Model, UnexploredError } from "../machines/checked/index.js";
import { formatCovered } from "../report/check.js";
import { litmusText } from "../report/litmus.js";
import { ProgressLine } from "./progress.js";
import { Interrupted, MEMORY_OPTION, parseMemory, parseWord, Unexplored, UsageError } from "./usage.js";

const MODELS: readonly Model[] = ["sc", "tso"];

interface Options {
  readonly model: string;
  readonly expect?: string;
  readonly memory?: string;
  readonly json?: true;
}

export function addLitmus(program: Command): void {
  program
    .command("litmus")
    .description("list the final states of herd7's litmus tests for X86 and X86_64, and whether their conditions hold")
    .argument("<FILE...>", "tests, or folders of .litmus files")
    .option("--model <NAME>", "sc (sequential consistency) or tso (store buffers: x86's own)", "tso")
    .option(...MEMORY_OPTION)
    .option("--expect <WORD>", `exit with 1 unless every test says ${OBSERVATIONS.join(", ")}`)
    .option("--json", "print file, name, model, verdict and number of states of each test for programs")
    .addHelpText(
      "after",
      "\nExits with 1 also where a ~exists or forall does not hold, where a file's `Expect=Never` (or another word) before the\n" +
        "initial state says something else, or its `with tso: exists; sc: ~exists` after the condition.",
    )
    .action(run);
}

async function run(files: readonly string[], options: Options): Promise<void> {
  const model = parseWord("--model", MODELS, options.model);
  const expected = options.expect === undefined ? undefined : parseWord("--expect", OBSERVATIONS, options.expect);
  const memory = parseMemory(options.memory);
  const tests = await openAll(files);

  const interrupt = new AbortController();
  let states = 0;
  const onInterrupt = () => {
    const covered = `${runs.length} of ${tests.length} tests, and ${states} states of the next`;
    interrupt.abort(new Interrupted(`Interrupted: explored ${covered}`));
  };
  process.once("SIGINT", onInterrupt).once("SIGTERM", onInterrupt);
  const line = new ProgressLine();
  const runs: LitmusRun[] = [];
  try {
    for (const test of tests) {
      const run = await runLitmus(test, model, {
        ...memory,
        signal: interrupt.signal,
        progress: (covered) => {
          ({ states } = covered);
          line.showSoFar(`test ${runs.length + 1} of ${tests.length}: ${states} states`);
        },
      });
      states = 0;
      line.clear();
      if (!options.json) console.log(`${runs.length > 0 ? "\n" : ""}${litmusText(run)}`);
      runs.push(run);
    }
  } catch (error) {
    if (error instanceof UnexploredError) {
      const done = `${runs.length} of ${tests.length} tests`;
      throw new Unexplored(
        `Cannot run ${tests[runs.length]!.file}: ${error.message}\nNot explored to its end: ${formatCovered(error.covered)}; ${done} were`,
      );
    }
    // More threads or locations than are explored are what was typed.
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  } finally {
    line.clear();
    process.off("SIGINT", onInterrupt).off("SIGTERM", onInterrupt);
  }
  if (options.json) console.log(JSON.stringify(runs.map(row)));
  for (const run of runs) {
    const unmet = run.observation === (expected ?? run.observation) ? unmetExpectation(run) : expected;
    if (unmet === undefined) continue;
    console.error(`${run.test.file}: received ${run.observation} under ${model}; expected ${unmet}`);
    process.exitCode = 1;
  }
}

function row({ test: { file, name }, model, observation: verdict, states }: LitmusRun) {
  return { file, name, model, verdict, states: states.length };
}

/** The file itself, or the tests of a folder and the folders in it, sorted. */
async function litmusFiles(path: string): Promise<string[]> {
  const entry = await stat(path).catch((error: Error) => {
    throw new UsageError(`Cannot read ${path}: ${error.message}`);
  });
  if (!entry.isDirectory()) return [path];
  const inside = await readdir(path, { recursive: true });
  const files = inside.filter((name) => name.endsWith(".litmus")).sort();
  if (files.length === 0) throw new UsageError(`Cannot read ${path}: received a folder without .litmus files`);
  return files.map((name) => join(path, name));
}

/** @throws {UsageError} that says of each file that is no test what is wrong with it */
async function openAll(files: readonly string[]): Promise<LitmusTest[]> {
  const tests: LitmusTest[] = [];
  const wrong: string[] = [];
  for (const file of (await Promise.all(files.map(litmusFiles))).flat()) {
    try {
      tests.push(parseLitmus(file, await readFile(file, "utf8")));
    } catch (error) {
      if (!(error instanceof LitmusError)) throw error;
      wrong.push(error.message);
    }
  }
  if (wrong.length > 0) throw new UsageError(wrong.join("\n"));
  return tests;
}
