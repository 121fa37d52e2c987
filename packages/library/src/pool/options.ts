/** What a Pool and its calls are told, and what is right. */
import { described, mustBeOneOf, mustBeOptions, mustBeSignal, mustBeTime, mustBeWhole, wrong } from "../arguments.js";
import { platform } from "../platform/current.js";
import { SharedSpace } from "../space.js";

/** By their numbers in kernel/library/policies.ts; a browser's or Node's program cannot measure what `balance-set` needs. */
const POLICIES = [
  "fcfs",
  "last-processor",
  "minimum-intervening",
  "limited-minimum-intervening",
  "priority",
  undefined,
  "fixed-processor",
  "minimum-intervening-plus-queue",
  "work-stealing",
] as const;
const NAMES = POLICIES.filter((name) => name !== undefined);

/** How a pool chooses the worker for a task; docs/library/pool.md. */
export type PoolPolicy = NonNullable<(typeof POLICIES)[number]>;

/** Policies that know priorities. */
const WITH_PRIORITIES: readonly PoolPolicy[] = ["work-stealing", "fixed-processor", "priority"];
/** What the others' parameters say: processors that a key remembers; intervening tasks that count as cold. */
const PARAMETERS: Partial<Record<PoolPolicy, number>> = {
  "limited-minimum-intervening": 4,
  "minimum-intervening-plus-queue": 16,
};

const WHEN_FULL = ["wait", "reject", "throw"] as const;
const IDLE = ["park", "block"] as const;
/** Node's, of its Worker. */
const OF_WORKERS = ["name", "env", "execArgv", "argv", "resourceLimits", "stdout", "stderr", "workerData"] as const;
const MOST_WORKERS = 127;
export const MOST_PRIORITY = 100;

/** What has a value for each call: an AsyncLocalStorage of Node. */
export interface Store {
  getStore(): unknown;
}

export interface PoolOptions {
  /** The most worker threads, 1 to 127. Default: as many as can run at once. */
  readonly workers?: number | undefined;
  /** The fewest, started at once and kept, 0 to `workers`. Default: `workers`. */
  readonly minimum?: number | undefined;
  /** Which worker gets which task. Default: work-stealing. */
  readonly policy?: PoolPolicy | undefined;
  /** Asynchronous tasks that one worker has in progress at a time, 1 to 1024. Default: 1. */
  readonly concurrency?: number | undefined;
  /** Tasks that wait or are executed, of all submitters, 32 to 65536; rounded up to a power of two. Default: 1024. */
  readonly capacity?: number | undefined;
  /**
   * What `run` does when there are so many: it keeps the task and submits it later; its promise rejects with a
   * PoolFullError; or it throws the error. Default: wait.
   */
  readonly whenFull?: (typeof WHEN_FULL)[number] | undefined;
  /** Milliseconds of waiting that are worth as much as one unit of priority, 1 to 5000. Default: 1000. */
  readonly ageing?: number | undefined;
  /**
   * How a worker without a task waits. `park`: its event loop goes on. `block`: it blocks, which saves the microseconds
   * of an event loop's turn; its timers and I/O stand still meanwhile. Default: park.
   */
  readonly idle?: (typeof IDLE)[number] | undefined;
  /** Milliseconds for which a task waits before a worker is added, where there are fewer than `workers`. Default: 10. */
  readonly growAfter?: number | undefined;
  /** Milliseconds after which an idle worker ends, where there are more than `minimum`. Default: 10,000. */
  readonly shrinkAfter?: number | undefined;
  /** Tasks after which a worker is replaced. Default: never. */
  readonly recycleAfter?: number | undefined;
  /** Bytes of its JavaScript heap above which a worker is replaced; Node only. Default: never. */
  readonly recycleAbove?: number | undefined;
  /** Milliseconds that a task has to end after it was told to, before its worker is ended. Default: 100. */
  readonly grace?: number | undefined;
  /** The argument of the module's export `init`, which each worker awaits before its first task. */
  readonly init?: unknown;
  /** Node's AsyncLocalStorage whose value at `run` the task finds in `currentTask().context`. */
  readonly context?: Store | undefined;
  /** The space that the pool lives in. Default: one of its own, which closes with it. */
  readonly space?: SharedSpace | undefined;
  /** The workers' name for debuggers; this and the following are those of Node's Worker. */
  readonly name?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | symbol | undefined;
  readonly execArgv?: readonly string[] | undefined;
  readonly argv?: readonly unknown[] | undefined;
  readonly resourceLimits?: Readonly<Record<string, number | undefined>> | undefined;
  readonly stdout?: boolean | undefined;
  readonly stderr?: boolean | undefined;
  readonly workerData?: unknown;
}

/** The options with their defaults. @internal */
export type Settings = ReturnType<typeof settingsOf>;

const MAKE = "make a Pool";

/** @throws {TypeError | RangeError} */
export function settingsOf(options: PoolOptions = {}) {
  const known = ["workers", "minimum", "policy", "concurrency", "capacity", "whenFull", "ageing", "idle", "growAfter"];
  known.push("shrinkAfter", "recycleAfter", "recycleAbove", "grace", "init", "context", "space", ...OF_WORKERS);
  mustBeOptions(options, MAKE, known);
  const { workers = Math.min(platform.cores(), MOST_WORKERS), policy = "work-stealing", concurrency = 1 } = options;
  mustBeWhole(workers, MAKE, 1, MOST_WORKERS, "workers");
  const { minimum = workers, capacity = 1024, whenFull = "wait", ageing = 1000, idle = "park" } = options;
  mustBeWhole(minimum, MAKE, 0, workers, "minimum");
  mustBeOneOf(policy, MAKE, "policy", NAMES);
  mustBeWhole(concurrency, MAKE, 1, 1024, "concurrency");
  mustBeWhole(capacity, MAKE, 32, 65536, "capacity");
  mustBeOneOf(whenFull, MAKE, "whenFull", WHEN_FULL);
  mustBeWhole(ageing, MAKE, 1, 5000, "ageing, milliseconds");
  mustBeOneOf(idle, MAKE, "idle", IDLE);
  const { growAfter = 10, shrinkAfter = 10_000, grace = 100 } = options;
  for (const [option, time] of Object.entries({ growAfter, shrinkAfter, grace })) mustBeTime(time, MAKE, option);
  const { recycleAfter = Number.POSITIVE_INFINITY, recycleAbove = Number.POSITIVE_INFINITY } = options;
  for (const [option, limit] of Object.entries({ recycleAfter, recycleAbove })) {
    if (limit !== Number.POSITIVE_INFINITY) mustBeWhole(limit, MAKE, 1, Number.MAX_SAFE_INTEGER, option);
  }
  const { context, space, init } = options;
  if (context !== undefined && typeof context?.getStore !== "function")
    throw wrong(MAKE, context, "context: an AsyncLocalStorage");
  if (space !== undefined && !SharedSpace.isOne(space)) throw wrong(MAKE, space, "space: a SharedSpace");
  return {
    ...{ workers, minimum, policy, concurrency, whenFull, idle, growAfter, shrinkAfter, grace, recycleAfter },
    ...{ recycleAbove, context, space, init },
    capacity: 2 ** Math.ceil(Math.log2(capacity)),
    /** The policy's number and parameter, for the kernel. */
    policyNumber: POLICIES.indexOf(policy),
    parameter: WITH_PRIORITIES.includes(policy) ? ageing * 1000 : (PARAMETERS[policy] ?? 0),
    ofWorkers: ofWorkers(options),
  };
}

function ofWorkers(options: PoolOptions): Record<string, unknown> {
  const given = OF_WORKERS.filter((name) => options[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, options[name]]));
}

/** Whether the pool's policy, by its number, knows priorities. */
export function hasPriorities(policyNumber: number): boolean {
  return WITH_PRIORITIES.includes(POLICIES[policyNumber]!);
}

export function policyName(policyNumber: number): string {
  return POLICIES[policyNumber] ?? "balance-set";
}

/** What a task is about: tasks of the same key go to the worker whose state for it is warm. */
export type Key = string | number | bigint;

export interface RunOptions {
  /** What the task's state belongs to: the worker that has executed tasks of the same key last is preferred. */
  readonly key?: Key | undefined;
  /** -100 to 100, a whole number; a higher one is taken before. Default: 0. */
  readonly priority?: number | undefined;
  /** Milliseconds from the start of its execution, after which it is to end: rejects with a `TimeoutError`. */
  readonly timeout?: number | undefined;
  /** The same from its submission. */
  readonly deadline?: number | undefined;
  /** Takes a task that waits out of the queue, and tells one that is executed to end; rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** How often it is executed again when its worker dies. Default: 0. */
  readonly retries?: number | undefined;
  /** What is moved to the worker, and not copied. From the maker's thread; from others, ArrayBuffers. */
  readonly transfer?: readonly object[] | undefined;
}

const RUN_OPTIONS = ["key", "priority", "timeout", "deadline", "signal", "retries", "transfer"];

/** @throws {TypeError | RangeError} */
export function checkRun(options: RunOptions, policyNumber: number): void {
  const what = "run a task";
  mustBeOptions(options, what, RUN_OPTIONS);
  const { key, priority, timeout, deadline, signal, retries, transfer } = options;
  if (key !== undefined && !["string", "number", "bigint"].includes(typeof key))
    throw wrong(what, key, "key: a string, a number or a bigint");
  if (priority !== undefined) {
    mustBeWhole(priority, what, -MOST_PRIORITY, MOST_PRIORITY, "priority");
    if (priority !== 0 && !hasPriorities(policyNumber)) {
      throw new TypeError(
        `Cannot ${what}: received priority ${priority} and the policy ${policyName(policyNumber)}; expected no priority, or one of ${WITH_PRIORITIES.join(", ")}`,
      );
    }
  }
  if (timeout !== undefined) mustBeTime(timeout, what, "timeout");
  if (deadline !== undefined) mustBeTime(deadline, what, "deadline");
  if (signal !== undefined) mustBeSignal(signal, what);
  if (retries !== undefined) mustBeWhole(retries, what, 0, 2 ** 31, "retries");
  if (transfer !== undefined && !Array.isArray(transfer)) throw wrong(what, transfer, "transfer: an array");
  for (const one of transfer ?? []) {
    if (typeof one !== "object" || one === null)
      throw new TypeError(`Cannot ${what}: received ${described(one)} to transfer; expected an object`);
  }
}

/** FNV-1a: a number for each key, above 0. Keys of the same number share affinity, nothing else. */
export function hashOf(key: Key): number {
  const text = typeof key === "string" ? key : String(key);
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0 || 1;
}
