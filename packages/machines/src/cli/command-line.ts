import { readFile } from "node:fs/promises";
import { Command, CommanderError } from "commander";
import { Interrupted, Unexplored, UsageError } from "./usage.js";
import { addVersion, asksVersion } from "./version.js";

const UNEXPLORED = 3;
const INTERRUPTED = 130;

/**
 * What adds each command, in the order of `--help`. A command's file is loaded where that command is given, since
 * loading all of them takes longer than most commands do.
 */
const COMMANDS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  boot: async () => (await import("./boot.js")).addBoot,
  check: async () => (await import("./check.js")).addCheck,
  evaluate: async () => (await import("./evaluate.js")).addEvaluate,
  list: async () => (await import("./list.js")).addList,
  litmus: async () => (await import("./litmus.js")).addLitmus,
  machines: async () => (await import("./machines.js")).addMachines,
  mutate: async () => (await import("./mutate.js")).addMutate,
  prove: async () => (await import("./prove.js")).addProve,
  reproduce: async () => (await import("./reproduce.js")).addReproduce,
  run: async () => (await import("./run.js")).addRun,
  trace: async () => (await import("./trace.js")).addTrace,
};

/** Executes `landspout` with these parameters; `process.exitCode` says how that ended. */
export async function executeCommand(parameters: readonly string[]): Promise<void> {
  try {
    const program = await createProgram(parameters);
    await program.parseAsync(parameters, { from: "user" });
  } catch (error) {
    process.exitCode = report(error);
  }
}

async function createProgram(parameters: readonly string[]): Promise<Command> {
  const [name = ""] = parameters;
  // Without a command that is known, commander lists all of them, or suggests one; the version needs none.
  const others = asksVersion(parameters) ? [] : Object.values(COMMANDS);
  const loads = Object.hasOwn(COMMANDS, name) ? [COMMANDS[name]!] : others;
  const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
  const program = new Command("landspout")
    .description("Multiprocessors for WebAssembly programs: this computer, simulated ones, and a model checker.")
    .exitOverride();
  await addVersion(program, version, parameters);
  for (const add of await Promise.all(loads.map((load) => load()))) add(program);
  for (const command of program.commands) command.exitOverride();
  return program;
}

/**
 * Says what went wrong and returns the exit code: 2 for bad input, 3 for what is not explored to its end, 1 for a
 * failure.
 */
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
