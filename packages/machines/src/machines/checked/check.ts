/** The checked machine: a program's own bytes through every schedule. */
import { host } from "#host";
import type { Program } from "../../program/program.js";
import { Counterexample } from "./counterexamples/counterexample.js";
import { minimize } from "./counterexamples/minimize.js";
import { retrace } from "./counterexamples/trace.js";
import { MOST_DEPTH, RandomExecutions } from "./executions/random-executions.js";
import { Subtrees, type SubtreesOptions } from "./executions/subtrees.js";
import { type CheckOptions, MOST_WORKERS, type Mode } from "./options.js";
import { type Prepared, prepare } from "./prepare.js";
import { wrongAfter } from "./properties/properties.js";
import { boundPreemptions } from "./states/bounded.js";
import { States } from "./states/states.js";
import { NewlyShared } from "./system/cells.js";
import { defaultLimit, Exceeded } from "./system/kept.js";
import { CheckError } from "./system/loading.js";
import type { Covered, Schedule, Verdict, Violation } from "./verdict.js";

const NOTHING = { executions: 0, blocked: 0, states: 0, steps: 0, depth: 0, ends: 0, races: 0 };

/** Host milliseconds after which other work of this thread gets its turn. */
const SLICE = 50;

/**
 * Explores a program. Works in the calling thread, where other work gets its turn some times a second, and, if it takes
 * more than a second by executions, in others.
 *
 * @throws {UnexploredError} if what is to be kept needs more memory than it may: nothing is proven then
 * @throws {CheckError} if a start function or `init` fails, an execution has no end, or executions are to see an
 *   invariant, an order, deaths or pauses; the signal's reason when aborted
 * @throws {RangeError} if an option is out of its range
 * @throws {Error} if the program cannot be loaded, or imports more than machine instructions
 */
export async function check(program: Program, options: CheckOptions): Promise<Verdict> {
  expectOptions(options);
  options.signal?.throwIfAborted();
  const begin = performance.now();
  const prepared = prepareWithin(program, options);
  const { system } = prepared;
  const exploration = explorationOf(program, prepared, options);
  const covered = (): Covered => ({
    ...NOTHING,
    ...exploration.counts,
    seconds: (performance.now() - begin) / 1000,
  });
  try {
    let sliceEnd = performance.now() + SLICE;
    for await (const _ of exploration.explore()) {
      if (performance.now() < sliceEnd) continue;
      options.progress?.(covered());
      await host.turn();
      options.signal?.throwIfAborted();
      sliceEnd = performance.now() + SLICE;
    }
    return { ...covered(), violation: undefined };
  } catch (error) {
    if (error instanceof Exceeded) throw new UnexploredError(program.name, needsOf(error, options), covered());
    if (!(error instanceof Counterexample)) throw error;
    // What is still to be computed, of one schedule, is bounded.
    system.local.kept.lift();
    const minimized =
      exploration instanceof Subtrees
        ? minimize(system, prepared.properties, error)
        : { counterexample: error, system };
    const { violated, schedule, repeated } = minimized.counterexample;
    const { kind, message } = violated;
    const shared = minimized.system.cells.sharedAddresses();
    const { steps } = retrace(minimized.system.fresh(), schedule);
    return { ...covered(), violation: { kind, message, schedule, repeated, shared, steps } };
  }
}

/** @throws {UnexploredError} if its first state needs more memory than it may */
function prepareWithin(program: Program, options: CheckOptions): Prepared {
  try {
    return prepare(program, { ...options, memoryLimit: limitOfThread(options) });
  } catch (error) {
    if (!(error instanceof Exceeded)) throw error;
    throw new UnexploredError(program.name, needsOf(error, options), { ...NOTHING, seconds: 0 });
  }
}

function needsOf({ needs }: Exceeded, options: CheckOptions): string {
  const threads = threadsOf(options);
  return threads === 1 ? needs : `${needs} in one of ${threads} threads`;
}

/**
 * An exploration that did not come to its end, because it would have kept too much. What it had explored violates
 * nothing.
 */
export class UnexploredError extends Error {
  override readonly name = "UnexploredError";
  readonly covered: Covered;

  /** @param needs what its states need: "more than 512 MiB" */
  constructor(program: string, needs: string, covered: Covered) {
    super(
      `Cannot explore ${program} to its end: its states need ${needs}; expected fewer states, or a larger memory limit`,
    );
    this.covered = covered;
  }
}

/**
 * Executes one schedule of a program. Says what is wrong at its end, undefined if nothing is; of a livelock, whether
 * its last transitions lead back to where they began, and keep nobody from going on.
 *
 * @throws {RangeError} if it is no schedule of the program
 * @throws {Error} if the program cannot be loaded
 */
export function replay(program: Program, options: CheckOptions, way: Schedule): Violation | undefined {
  const { schedule, repeated, shared } = way;
  // As many processors as the mode has that takes most.
  const { system, properties } = prepare(program, { ...options, mode: "random" });
  for (const address of shared) system.cells.shareCell(system.cells.ofWord(address >>> 2));
  try {
    const { steps, violated = wrongAfter(system, properties, schedule, repeated) } = retrace(system, schedule);
    return violated && { kind: violated.kind, message: violated.message, ...way, steps };
  } catch (error) {
    if (!(error instanceof NewlyShared)) throw error;
    throw new RangeError(
      `Cannot replay: received ${shared.length} shared words; expected that 0x${error.address.toString(16)} is one of them`,
    );
  }
}

/** An exploration under way. */
interface Exploration {
  readonly counts: Partial<Covered>;
  explore(): Iterable<void> | AsyncIterable<void>;
}

/** @throws {RangeError} for an option that is out of its range */
function expectOptions(options: CheckOptions): void {
  for (const [option, least, most] of [
    ["preemptions", 0, Number.POSITIVE_INFINITY],
    ["executions", 1, Number.POSITIVE_INFINITY],
    ["depth", 1, MOST_DEPTH],
    ["workers", 1, MOST_WORKERS],
    ["memoryLimit", 1, Number.POSITIVE_INFINITY],
    ["initLimit", 1, Number.POSITIVE_INFINITY],
  ] as const) {
    const { [option]: value = least } = options;
    if (Number.isInteger(value) && value >= least && value <= most) continue;
    const range = Number.isFinite(most) ? `from ${least} to ${most}` : `from ${least} on`;
    throw new RangeError(`Cannot check: received ${option} ${value}; expected a whole number ${range}`);
  }
  for (const [option, words] of [
    ["mode", ["executions", "states", "bounded", "random"]],
    ["model", ["sc", "tso"]],
    ["buffered", ["plain", "all"]],
  ] as const) {
    const word: string | undefined = options[option];
    if (word === undefined || words.some((each) => each === word)) continue;
    throw new RangeError(`Cannot check: received ${option} "${word}"; expected ${words.join(", ")}`);
  }
}

function explorationOf(program: Program, { system, properties }: Prepared, options: CheckOptions): Exploration {
  const { preemptions = 2 } = options;
  const every = needsStates(options);
  const mode = modeOf(options);
  if (every !== undefined && mode === "executions") {
    throw new CheckError(
      `Cannot check ${program.name}: received ${every} and mode executions; expected mode states, which sees each of them`,
    );
  }
  switch (mode) {
    case "executions":
      return new Subtrees(system, properties, subtreesOf(program, options));
    case "states":
      return new States(system, properties);
    case "bounded":
      return new States(system, properties, boundPreemptions(preemptions));
    case "random":
      return new RandomExecutions(system, properties, options);
  }
}

function modeOf(options: CheckOptions): Mode {
  return options.mode ?? (needsStates(options) === undefined ? "executions" : "states");
}

/** What of the options executions cannot be asked, as they leave steps out, or are explored by other threads. */
function needsStates({ invariant, order, deaths, pauses, visits }: CheckOptions): string | undefined {
  if (invariant) return "an invariant";
  if (order) return "an order";
  if (deaths) return "deaths";
  if (pauses) return "pauses";
  return visits ? "visits" : undefined;
}

/** Bytes that each thread of an exploration may keep: all keep their own. */
function limitOfThread(options: CheckOptions): number {
  const { memoryLimit = defaultLimit() } = options;
  return Math.ceil(memoryLimit / threadsOf(options));
}

function threadsOf(options: CheckOptions): number {
  const { workers = host.cores(), onEnd } = options;
  return modeOf(options) === "executions" && !onEnd ? workers : 1;
}

/** Functions cannot be given to other threads; what else there is can. */
function subtreesOf(program: Program, options: CheckOptions): SubtreesOptions {
  const { onEnd, signal: _, progress: __, workers, ...rest } = options;
  const memoryLimit = limitOfThread(options);
  return { workers, threadData: onEnd ? undefined : { program, options: { ...rest, memoryLimit } } };
}
