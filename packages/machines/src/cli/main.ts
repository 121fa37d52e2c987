import { readFile } from "node:fs/promises";
import { Command, CommanderError } from "commander";
import { addCheck } from "./check.js";
import { addEvaluate } from "./evaluate.js";
import { addList } from "./list.js";
import { addLitmus } from "./litmus.js";
import { addMachines } from "./machines.js";
import { addMutate } from "./mutate.js";
import { addProve } from "./prove.js";
import { addReproduce } from "./reproduce.js";
import { addRun } from "./run.js";
import { addTrace } from "./trace.js";
import { Interrupted, Unexplored, UsageError } from "./usage.js";
import { addVersion } from "./version.js";

const UNEXPLORED = 3;
const INTERRUPTED = 130;

// Whoever read the output has seen enough, as with `| head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  console.error(`Cannot write to standard output: received ${error.code}; expected that it takes what is printed`);
  process.exit(1);
});

const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
const program = new Command("landspout")
  .description("Multiprocessors for WebAssembly programs: this computer, simulated ones, and a model checker.")
  .exitOverride();
addVersion(program, version, process.argv);
addCheck(program);
addEvaluate(program);
addList(program);
addLitmus(program);
addMachines(program);
addMutate(program);
addProve(program);
addReproduce(program);
addRun(program);
addTrace(program);
for (const command of program.commands) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Says what went wrong and returns the exit code: 2 for bad input, 3 for what is not explored to its end, 1 for a failure. */
function report(error: unknown): number {
  // Commander has printed its message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof UsageError) return 2;
  if (error instanceof Unexplored) return UNEXPLORED;
  if (error instanceof Interrupted) return INTERRUPTED;
  if (error instanceof Error && error.cause instanceof Error && error.cause.stack) console.error(error.cause.stack);
  return 1;
}
