/** The checked machine: a program's own bytes through every schedule. */
import { setImmediate } from "node:timers/promises";
import type { Value } from "../../processor/processors.js";
import { createMemory, isParallel, type Program } from "../../program/program.js";
import { Shared } from "./cells.js";
import { Executions } from "./executions.js";
import { type Call, CheckError, type Loaded, load } from "./loading.js";
import { hold } from "./properties.js";
import { Found, States } from "./states.js";
import { type Buffered, type Model, System } from "./system.js";
import { retrace, type Step } from "./trace.js";
import { Violated, type ViolationKind } from "./violation.js";
import { type Watch, wrongAfter } from "./watch.js";

export type { Buffered, Model } from "./system.js";
export type { Step } from "./trace.js";
export type { ViolationKind } from "./violation.js";
export { type Call, CheckError };

/**
 * How a program is explored. `executions`: one execution of each Mazurkiewicz trace, without a memory of states; all must
 * end. `states`: each state once, so that states must be finite and fit into memory.
 */
export type Mode = "executions" | "states";

/** Their transitions are bits of a word. */
export const MAXIMUM_PROCESSORS = 10;

export interface CheckOptions {
  /** 1 to 10; default: one for each of `entries`. */
  readonly processors?: number;
  /** The exported function that every processor executes, or one for each. */
  readonly entries: string | readonly string[];
  /** Given to each of them. */
  readonly arguments?: readonly (number | bigint)[];
  /** The memory that the program finds, which it does not change; a new one if none is given. */
  readonly memory?: WebAssembly.Memory;
  /** Executed by processor 0 alone, before all others. */
  readonly init?: Call;
  /** Executed between any two steps; it must return, and not 0. */
  readonly invariant?: Call;
  /** Executed when all have ended; it must return, and not 0. */
  readonly final?: Call;
  /** Default: executions; states if there is an invariant. */
  readonly mode?: Mode;
  /** Default: sc. */
  readonly model?: Model;
  /** tso: which stores wait in store buffers. Default: plain ones. */
  readonly buffered?: Buffered;
  /** Whether data races are violations, under sc. Default: true. */
  readonly races?: boolean;
  /**
   * Called for every state in which all have ended, with the memory that it left, which is valid during the call. What it
   * returns says what is wrong.
   */
  readonly onEnd?: (end: End) => string | undefined;
  readonly signal?: AbortSignal;
  /** Called some times a second. */
  readonly progress?: (covered: Covered) => void;
}

/** A state in which all have ended. */
export interface End {
  /** What the entry points returned, by processor. */
  readonly results: readonly (readonly Value[])[];
  readonly memory: WebAssembly.Memory;
}

/** What was explored. */
export interface Covered {
  /** executions: those that came to their end, each of another trace. Else 0. */
  readonly executions: number;
  /** executions: those that were given up, because they would have repeated others. */
  readonly blocked: number;
  /** states: different ones. Else 0. */
  readonly states: number;
  /** Transitions taken: shared accesses, each with what its processor does up to the next. */
  readonly steps: number;
  /** Transitions of the longest execution, or on the shortest way to the farthest state. */
  readonly depth: number;
  /** states: different ones in which all had ended. */
  readonly ends: number;
  /** Pairs of accesses that might have been a data race. */
  readonly races: number;
  readonly seconds: number;
}

/** Something wrong, and how to get there. */
export interface Violation {
  readonly kind: ViolationKind;
  readonly message: string;
  /** Transitions: p is a step of processor p; of P processors, P + p the oldest store in p's buffer, 2 P + p its timeout. */
  readonly schedule: readonly number[];
  /** livelock: how many of the last transitions can be taken again and again; else 0. */
  readonly repeated: number;
  /** The words that count as shared: a schedule's steps are from one of their accesses to the next. */
  readonly shared: readonly number[];
  readonly steps: readonly Step[];
}

export interface Verdict extends Covered {
  /** Undefined if there is none. */
  readonly violation: Violation | undefined;
}

const NOTHING = { executions: 0, blocked: 0, states: 0, ends: 0 };

/** Host milliseconds after which other work of this thread gets its turn. */
const SLICE = 50;

/**
 * Explores a program. Works in the calling thread, where other work gets its turn some times a second.
 *
 * @throws {CheckError} if a start function or `init` fails, or an execution has no end; the signal's reason when aborted
 * @throws {Error} if the program cannot be loaded
 */
export async function check(program: Program, options: CheckOptions): Promise<Verdict> {
  const begin = performance.now();
  const loaded = loadProcessors(program, options);
  const system = new System(loaded);
  const { mode = options.invariant ? "states" : "executions" } = options;
  if (options.invariant && mode === "executions") {
    throw new CheckError(
      `Cannot check ${program.name}: received an invariant and mode executions; expected mode states, which sees each of them`,
    );
  }
  const watch = watchOf(loaded, options);
  const exploration = mode === "states" ? new States(system, watch) : new Executions(system, watch);
  const covered = (): Covered => ({
    ...NOTHING,
    ...exploration.found,
    seconds: (performance.now() - begin) / 1000,
  });
  try {
    let sliceEnd = performance.now() + SLICE;
    for (const _ of exploration.explore()) {
      if (performance.now() < sliceEnd) continue;
      options.progress?.(covered());
      await setImmediate();
      options.signal?.throwIfAborted();
      sliceEnd = performance.now() + SLICE;
    }
    return { ...covered(), violation: undefined };
  } catch (error) {
    if (!(error instanceof Found)) throw error;
    const { violated, schedule, repeated } = error;
    const { kind, message } = violated;
    const shared = system.cells.sharedAddresses();
    const { steps } = retrace(system, schedule);
    return { ...covered(), violation: { kind, message, schedule, repeated, shared, steps } };
  }
}

/** A way through a program: a violation has one. */
export type Schedule = Pick<Violation, "schedule" | "repeated" | "shared">;

/**
 * Executes one schedule of a program. Says what is wrong at its end, undefined if nothing is; of a livelock, whether its
 * last transitions lead back to where they began, and keep nobody from going on.
 *
 * @throws {RangeError} if it is no schedule of the program
 * @throws {Error} if the program cannot be loaded
 */
export function replay(program: Program, options: CheckOptions, way: Schedule): Violation | undefined {
  const { schedule, repeated, shared } = way;
  const loaded = loadProcessors(program, options);
  const system = new System(loaded);
  for (const address of shared) system.cells.shareCell(system.cells.ofWord(address >>> 2));
  const watch = watchOf(loaded, options);
  try {
    const { steps, violated = wrongAfter(system, watch, schedule, repeated) } = retrace(system, schedule);
    return violated && { kind: violated.kind, message: violated.message, ...way, steps };
  } catch (error) {
    if (!(error instanceof Shared)) throw error;
    throw new RangeError(
      `Cannot replay: received ${shared.length} shared words; expected that 0x${error.address.toString(16)} is one of them`,
    );
  }
}

function loadProcessors(program: Program, options: CheckOptions): Loaded {
  const { entries, init, memory, model = "sc", buffered = "plain" } = options;
  const processors = options.processors ?? (typeof entries === "string" ? 1 : entries.length);
  if (!Number.isInteger(processors) || processors < 1 || processors > MAXIMUM_PROCESSORS) {
    throw new RangeError(
      `Cannot check ${program.name}: received ${processors} processors; expected 1 to ${MAXIMUM_PROCESSORS}`,
    );
  }
  if (typeof entries !== "string" && entries.length !== processors) {
    throw new RangeError(
      `Cannot check ${program.name}: received ${entries.length} entries for ${processors} processors; expected ${processors}`,
    );
  }
  if (processors > 1 && !isParallel(program)) {
    throw new Error(
      `Cannot check ${program.name}: received ${processors} processors and a memory that is not shared; expected 1`,
    );
  }
  const calls = Array.from({ length: processors }, (_, processor) => ({
    entry: typeof entries === "string" ? entries : entries[processor]!,
    ...(options.arguments && { arguments: options.arguments }),
  }));
  return load(program, { calls, init, memory: memory ? copyOf(memory) : createMemory(program), model, buffered });
}

function watchOf(
  loaded: Loaded,
  { model = "sc", races = model === "sc", invariant, final, onEnd }: CheckOptions,
): Watch {
  const checkInvariant = invariant && loaded.prepare(invariant);
  const checkFinal = final && loaded.prepare(final);
  const scratch = onEnd && copyOf(loaded.memory);
  return {
    races,
    onState: checkInvariant && ((system) => hold(system, invariant.entry, checkInvariant, "invariant", true)),
    onEnd: (system) => {
      if (checkFinal) hold(system, final.entry, checkFinal, "final", false);
      if (!onEnd) return;
      system.cells.write(scratch!);
      const results = loaded.begin.map((_, processor) => system.local.results(system.stateOf(processor)));
      const wrong = onEnd({ results, memory: scratch! });
      if (wrong !== undefined) throw new Violated("final", wrong);
    },
  };
}

/** A memory with the same contents; shared, which is what those are that it stands for. */
function copyOf({ buffer }: WebAssembly.Memory): WebAssembly.Memory {
  const pages = buffer.byteLength / 65536;
  const copy = new WebAssembly.Memory({ initial: pages, maximum: Math.max(pages, 1), shared: true });
  new Uint8Array(copy.buffer).set(new Uint8Array(buffer));
  return copy;
}
