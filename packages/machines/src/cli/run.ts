import type { Command } from "commander";
import { type Machine, type Run, UnavailableError } from "../machines/machine.js";
import { PRESETS } from "../machines/presets/index.js";
import { SimulatedMachine } from "../machines/simulated/machine.js";
import { hasInstruction } from "../machines/simulated/processors/lacking-instructions.js";
import { runTables } from "../report/run.js";
import { formatTable, formatTime } from "../report/table.js";
import { openProgram, parameterTypes, parseArguments } from "./entry.js";
import { MACHINE_NAMES, openMachine } from "./open-machine.js";
import { outputWidth } from "./output.js";
import { ProgressLine } from "./progress.js";
import { Interrupted, parseCount, parseSeed, parseWhole, UsageError } from "./usage.js";

interface Options {
  readonly machine: string;
  readonly processors: string;
  readonly entry: string;
  readonly arguments?: readonly string[];
  readonly cycles?: string;
  readonly seed: string;
  readonly json?: true;
}

export function addRun(program: Command): void {
  program
    .command("run")
    .description("execute an entry of a WebAssembly module on every processor of a machine, and measure it")
    .argument("<MODULE.wasm>", "a module that imports one shared memory, and machine instructions if it needs them")
    .requiredOption("--entry <NAME>", "the exported function to execute")
    .option("--machine <NAME>", MACHINE_NAMES, "native")
    .option("--processors <N>", "how many", "1")
    .option("--arguments <VALUES...>", "arguments of the entry, by its parameters' types")
    .option("--cycles <N>", "the most cycles of a simulated machine; then says where each processor was")
    .option("--seed <N>", "seed of a simulated machine's own choices", "1")
    .option("--json", "print results and measurements for programs")
    .action(run);
}

async function run(file: string, options: Options): Promise<void> {
  const seed = parseSeed(options.seed);
  const cycles = options.cycles === undefined ? undefined : parseWhole("--cycles", options.cycles, 1, 1e15);
  const machine = await openMachine(options.machine);
  if (cycles !== undefined && machine.unit !== "cycles") {
    throw new UsageError(
      `Cannot run on ${machine.name}: received --cycles; expected a simulated machine, which counts them`,
    );
  }
  const processors = parseCount(options.processors, machine);
  const program = await openProgram(file, processors);
  const types = parameterTypes(program, options.entry);
  const parameters = parseArguments(options.entry, types, options.arguments ?? []);
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort(new Interrupted());
  process.once("SIGINT", onInterrupt).once("SIGTERM", onInterrupt);
  const line = new ProgressLine();
  try {
    const run = await machine.run(program, options.entry, {
      processors,
      arguments: parameters,
      seed,
      signal: interrupt.signal,
      ...(cycles !== undefined && { cycles }),
      progress: (cycle: number) =>
        cycles === undefined ? line.showSoFar(`${cycle} cycles`) : line.show(cycle, cycles, "cycles"),
    });
    line.clear();
    if (options.json) {
      console.log(asJson(machine, options.entry, run));
      return;
    }
    const elapsed = elapsedText(machine, run.elapsed);
    console.log(
      `${options.entry} of ${file} on ${machine.name}, ${processors === 1 ? "1 processor" : `${processors} processors`}: ${elapsed}\n`,
    );
    for (const table of runTables(machine, run)) console.log(`${formatTable(table, outputWidth())}\n`);
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    throw new UsageError(
      `Cannot run ${options.entry} of ${file} on ${machine.name}: received a program that needs ${error.needs}; ` +
        `expected one that does without${machinesWith(error.needs)}`,
    );
  } finally {
    line.clear();
    process.off("SIGINT", onInterrupt).off("SIGTERM", onInterrupt);
    await machine.close();
  }
}

/** The machines that have an instruction which another one lacks. */
function machinesWith(instruction: string): string {
  const names = PRESETS.filter((description) => hasInstruction(description, instruction)).map(({ name }) => name);
  return names.length === 0 ? "" : `, or a machine that has it: native, ${names.join(", ")}`;
}

function elapsedText(machine: Machine, elapsed: number): string {
  if (!(machine instanceof SimulatedMachine)) return formatTime(elapsed);
  return `${elapsed} cycles, ${formatTime((elapsed * 1000) / machine.description.processor.megahertz)}`;
}

/** Without the memory. Text for results that JSON's numbers cannot be: those of 64 bits, NaN and the infinities. */
function asJson({ name: machine, unit }: Machine, entry: string, run: Run): string {
  const { results, durations, elapsed, processors, links } = run;
  const asText = (_: string, value: unknown) =>
    typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value)) ? String(value) : value;
  return JSON.stringify({ machine, entry, unit, elapsed, results, durations, processors, links }, asText);
}
