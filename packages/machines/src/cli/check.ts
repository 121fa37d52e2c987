import type { Command } from "commander";
import {
  CheckError,
  type CheckOptions,
  type Covered,
  check,
  formatReplay,
  hashOf,
  MOST_DEPTH,
  MOST_WORKERS,
  type Mode,
  maximumProcessors,
  parseReplay,
  type Replay,
  type ReplayOptions,
  replay,
  UnexploredError,
  type Violation,
} from "../machines/checked/index.js";
import type { Program } from "../program/program.js";
import { formatCovered, formatViolation, statementOf } from "../report/check.js";
import { openProgram, parameterTypes, parseArguments } from "./entry.js";
import { ProgressLine } from "./progress.js";
import { Interrupted, MEMORY_OPTION, parseMemory, parseWhole, parseWord, Unexplored, UsageError } from "./usage.js";

interface Options {
  readonly processors?: string;
  readonly entry?: readonly string[];
  readonly arguments?: readonly string[];
  readonly init?: string;
  readonly final?: string;
  readonly invariant?: string;
  readonly deaths?: string;
  readonly mortal?: string;
  readonly mostDeaths?: string;
  readonly mode?: string;
  readonly model?: string;
  readonly buffered?: string;
  readonly races: boolean;
  readonly specification?: string;
  readonly preemptions?: string;
  readonly executions?: string;
  readonly depth?: string;
  readonly seed?: string;
  readonly workers?: string;
  readonly memory?: string;
  readonly replay?: string;
  readonly json?: true;
}

export function addCheck(program: Command): void {
  program
    .command("check")
    .description("execute entries of a WebAssembly module in every order in which processors can execute them")
    .argument("[MODULE.wasm]", "a module that imports one shared memory, and machine instructions if it needs them")
    .option(
      "--entry <NAMES>",
      "the exported function that all execute; or one for each processor, as A,B or given again",
      collect,
    )
    .option("--processors <N>", "how many; default: one for each --entry")
    .option("--arguments <VALUES...>", "arguments of the entries, by their parameters' types")
    .option("--init <NAME>", "executed by processor 0 before all others")
    .option("--final <NAME>", "executed when all have ended: must return, and not 0")
    .option("--invariant <NAME>", "executed between any two steps: must return, and not 0")
    .option("--deaths <NAME>", "a processor may die at any step; this function then repairs, and is given its number")
    .option("--mortal <LIST>", "the processors that may die, as 0,2 (default: all)")
    .option("--most-deaths <N>", "the most processors that die (default: 1)")
    .option(
      "--specification <NAME>",
      "an exported function (operation, argument) that says what marked operations return",
    )
    .option(
      "--mode <NAME>",
      "executions (default); states: for programs that can go on for ever, --invariant and --deaths; for what is too large, " +
        "bounded: few preemptions, or random",
    )
    .option("--preemptions <N>", "bounded: the most of an execution (default: 2)")
    .option("--executions <N>", "random: how many (default: 10000)")
    .option("--depth <N>", "random: how many ordered pairs of steps the bugs looked for need (default: 3)")
    .option("--seed <N>", "random: seed (default: 1)")
    .option("--workers <N>", "executions: threads (default: one for each core)")
    .option(...MEMORY_OPTION)
    .option("--model <NAME>", "sc (default): sequential consistency; tso: x86's total store order")
    .option("--buffered <NAME>", "the stores that wait in buffers under tso: plain ones (default), or all")
    .option("--no-races", "do not look for data races, which is done under sc")
    .option("--replay <TEXT>", "execute the one schedule that a violation printed, instead of all these")
    .option("--json", "print the verdict for programs")
    .addHelpText(
      "after",
      "\nExits with 0 if there is no violation, 1 with one, 3 if the memory did not suffice to explore all, 130 after Ctrl-C.",
    )
    .action(run);
}

/** The modes of the options that concern only one. */
const MODE_OF = {
  preemptions: "bounded",
  executions: "random",
  depth: "random",
  seed: "random",
  workers: "executions",
} as const;

/** @throws {UsageError} for an option that what is explored would not heed */
function refuseUnheeded(file: string, options: Options): void {
  const mode = options.mode ?? (options.invariant || options.deaths ? "states" : "executions");
  for (const [name, only] of Object.entries(MODE_OF)) {
    if (options[name as keyof typeof MODE_OF] === undefined || mode === only) continue;
    throw new UsageError(`Cannot check ${file}: received --${name} in mode ${mode}; expected --mode ${only}`);
  }
  if (options.buffered !== undefined && options.model !== "tso") {
    throw new UsageError(`Cannot check ${file}: received --buffered without store buffers; expected --model tso`);
  }
}

function collect(names: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...names.split(",")];
}

/** A program, and what is asked of it. */
interface Question {
  readonly file: string;
  readonly program: Program;
  readonly options: ReplayOptions &
    Pick<CheckOptions, "mode" | "preemptions" | "executions" | "depth" | "seed" | "workers" | "memoryLimit">;
}

async function run(file: string | undefined, options: Options): Promise<void> {
  try {
    if (options.replay !== undefined) await executeReplay(options.replay, options.json);
    else await explore(await questionOf(file, options), options.json);
  } catch (error) {
    throw error instanceof CheckError ? new UsageError(error.message) : error;
  }
}

async function explore({ file, program, options }: Question, json: boolean | undefined): Promise<void> {
  const interrupt = new AbortController();
  const line = new ProgressLine();
  let covered: Covered | undefined;
  const onInterrupt = () => {
    interrupt.abort(new Interrupted(`Interrupted: explored ${soFarText(covered, options.mode)}`));
  };
  process.once("SIGINT", onInterrupt).once("SIGTERM", onInterrupt);
  try {
    const progress = (now: Covered) => {
      covered = now;
      line.showSoFar(formatCovered(now));
    };
    const { violation, ...found } = await check(program, { ...options, signal: interrupt.signal, progress });
    line.clear();
    const hash = await hashOf(program);
    const replay = violation && formatReplay({ module: file, hash, options, way: violation });
    if (json) print({ module: file, options, verdict: violation?.kind ?? "pass", ...found, violation, replay });
    else if (violation === undefined)
      console.log(`${statementOf(processorsOf(options), options)}\n${formatCovered(found)}`);
    else console.log(`${violationText(violation, replay!)}\n\nFound after ${formatCovered(found)}.`);
    if (violation) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof UnexploredError)) throw error;
    line.clear();
    if (json) print({ module: file, options, verdict: "not explored to its end", ...error.covered });
    throw new Unexplored(`${error.message}\nNot explored to its end: ${soFarText(error.covered, options.mode)}`);
  } finally {
    line.clear();
    process.off("SIGINT", onInterrupt).off("SIGTERM", onInterrupt);
  }
}

/** What was explored before it was ended, and how else to look for violations. */
function soFarText(covered: Covered | undefined, mode: Mode | undefined): string {
  if (covered === undefined) return "nothing";
  const other =
    mode === "random" || mode === "bounded"
      ? ""
      : " (--mode bounded and --mode random find many in less time and memory)";
  return `${formatCovered(covered)}; no violation so far, which is no proof${other}`;
}

async function executeReplay(text: string, json: boolean | undefined): Promise<void> {
  const { module: file, hash, options, way } = readReplay(text);
  const program = await openProgram(file, processorsOf(options));
  const received = await hashOf(program);
  if (received !== hash) {
    throw new UsageError(
      `Cannot replay on ${file}: received a module with hash ${received}; expected ${hash}, of the one that was checked`,
    );
  }
  const { entries, init, final, invariant, deaths } = options;
  for (const entry of [entries, ...[init, final, invariant, deaths].flatMap((call) => call?.entry ?? [])].flat()) {
    parameterTypes(program, entry);
  }
  const violation = executeWay(program, options, way);
  if (json) print({ module: file, options, verdict: violation?.kind ?? "pass", violation, replay: text });
  else
    console.log(
      violation ? violationText(violation, text) : "No violation: this schedule leads to nothing that is wrong.",
    );
  if (violation) process.exitCode = 1;
}

function readReplay(text: string): Replay {
  try {
    return parseReplay(text);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function executeWay(program: Program, options: ReplayOptions, way: Replay["way"]): Violation | undefined {
  try {
    return replay(program, options, way);
  } catch (error) {
    // A schedule, or a call, that the program has not.
    throw error instanceof RangeError || error instanceof TypeError ? new UsageError(error.message) : error;
  }
}

function violationText(violation: Violation, replay: string): string {
  return `${formatViolation(violation)}\n\nReplay: landspout check --replay '${replay}'`;
}

/** Text for what JSON's numbers cannot be. */
function print(verdict: object): void {
  console.log(JSON.stringify(verdict, (_, value) => (typeof value === "bigint" ? String(value) : value)));
}

async function questionOf(file: string | undefined, options: Options): Promise<Question> {
  const { entry: entries = [] } = options;
  if (file === undefined)
    throw new UsageError("Cannot check: received no module; expected MODULE.wasm, or --replay TEXT");
  if (entries.length === 0)
    throw new UsageError(`Cannot check ${file}: received no --entry; expected one, or one for each processor`);
  const word = <Word extends string>(name: "mode" | "model" | "buffered", words: readonly Word[]) => {
    const text = options[name];
    return text === undefined ? {} : { [name]: parseWord(`--${name}`, words, text) };
  };
  const whole = (name: keyof typeof MODE_OF, least: number, most = 0xffffffff) => {
    const text = options[name];
    return text === undefined ? {} : { [name]: parseWhole(`--${name}`, text, least, most) };
  };
  const { mode }: { mode?: Mode } = word("mode", ["executions", "states", "bounded", "random"]);
  refuseUnheeded(file, options);
  const processors =
    options.processors === undefined
      ? entries.length
      : parseWhole("--processors", options.processors, 1, maximumProcessors(mode));
  if (entries.length !== 1 && entries.length !== processors) {
    throw new UsageError(
      `Cannot check ${file}: received ${entries.length} entries for ${processors} processors; expected 1, or ${processors}`,
    );
  }
  const program = await openProgram(file, processors);
  const parameters = entries.map((name) =>
    parseArguments(name, parameterTypes(program, name), options.arguments ?? []),
  );
  const call = (name: "init" | "final" | "invariant") => {
    const called = options[name];
    if (called === undefined) return {};
    parseArguments(called, parameterTypes(program, called), []);
    return { [name]: { entry: called } };
  };
  const deaths = () => {
    const { deaths: name, mortal, mostDeaths } = options;
    if (name === undefined) {
      const [given] = [...(mortal ? ["--mortal"] : []), ...(mostDeaths ? ["--most-deaths"] : [])];
      if (given) throw new UsageError(`Cannot check ${file}: received ${given}; expected --deaths as well`);
      return {};
    }
    const types = parameterTypes(program, name).join();
    if (types !== "i32") {
      throw new UsageError(
        `Cannot check ${file}: received deaths ${name} (${types}); expected a parameter (i32): who has died`,
      );
    }
    return {
      deaths: {
        entry: name,
        ...(mortal && {
          processors: mortal.split(",").map((who) => parseWhole("--mortal", who, 0, processors - 1)),
        }),
        ...(mostDeaths && { most: parseWhole("--most-deaths", mostDeaths, 1, processors) }),
      },
    };
  };
  const specification = () => {
    const name = options.specification;
    if (name === undefined) return {};
    if (parameterTypes(program, name).join() !== "i32,i32") {
      throw new UsageError(
        `Cannot check ${file}: received specification ${name} (${parameterTypes(program, name).join(", ")}); expected ` +
          "parameters (i32, i32): an operation and its argument",
      );
    }
    return { specification: name };
  };
  return {
    file,
    program,
    options: {
      entries: entries.length === 1 ? entries[0]! : entries,
      processors,
      ...(parameters[0]!.length > 0 && { arguments: parameters[0]! }),
      ...call("init"),
      ...call("final"),
      ...call("invariant"),
      ...deaths(),
      ...(mode !== undefined && { mode }),
      ...specification(),
      ...whole("preemptions", 0),
      ...whole("executions", 1),
      ...whole("depth", 1, MOST_DEPTH),
      ...whole("seed", 0),
      ...whole("workers", 1, MOST_WORKERS),
      ...parseMemory(options.memory),
      ...word("model", ["sc", "tso"]),
      ...word("buffered", ["plain", "all"]),
      ...(!options.races && { races: false }),
    },
  };
}

function processorsOf({ processors, entries }: ReplayOptions): number {
  return processors ?? [entries].flat().length;
}
