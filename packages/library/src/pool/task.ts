/** The task that is being executed: the same for all copies of the library in a thread. */
import type { Key } from "./options.js";
import type { Pool } from "./pool.js";

/** A task that is being executed, as `currentTask` gives it. */
export interface Task {
  /**
   * Aborted when the task is to end: its submitter has aborted it, or its time is over. A task that does not end then, within
   * the pool's `grace`, is ended with its worker. A task that never returns to its event loop reads `signal` again and again:
   * each time it looks.
   */
  readonly signal: AbortSignal;
  /** The `key` that it was submitted with. */
  readonly key: Key | undefined;
  /** What the submitter's AsyncLocalStorage had at `run`, if the pool has the option `context`. */
  readonly context: unknown;
  /** The pool, for tasks of its own. */
  readonly pool: Pool;
  /** The number of the worker in the pool: 0, 1, ... */
  readonly worker: number;
  /**
   * To be returned by the task, in the place of the value: what is listed is moved to the submitter, and not copied. ArrayBuffers
   * can be moved to any thread, other things to the maker of the pool alone.
   *
   * @example
   * ```ts
   * import { currentTask } from "landspout";
   *
   * export function filled(bytes: number): ArrayBuffer {
   *   const buffer = new Uint8Array(bytes).fill(1).buffer;
   *   return currentTask().move(buffer, [buffer]);
   * }
   * ```
   */
  move<Value>(value: Value, transfer: readonly object[]): Value;
}

/** What `move` returns. */
export class Moved {
  readonly value: unknown;
  readonly transfer: readonly object[];

  constructor(value: unknown, transfer: readonly object[]) {
    this.value = value;
    this.transfer = transfer;
  }
}

const TASK: unique symbol = Symbol.for("landspout.task");

/** One object for all copies: a property of its own costs less than one of `globalThis`. */
interface Current {
  task: Task | undefined;
}

const globals = globalThis as { [TASK]?: Current };
globals[TASK] ??= { task: undefined };
const current = globals[TASK];

/**
 * The task that is being executed. To be called before the first `await` of a task, or in what it calls until then.
 *
 * See docs/library/pool.md.
 *
 * @throws {Error} outside of that
 * @example
 * ```ts
 * import { currentTask } from "landspout";
 *
 * export async function load(url: string): Promise<string> {
 *   const { signal } = currentTask();
 *   return (await fetch(url, { signal })).text();
 * }
 * ```
 */
export function currentTask(): Task {
  const { task } = current;
  if (task) return task;
  throw new Error(
    "Cannot ask for the current task: received a call outside of one, or after its first await; expected a call in a task of a Pool, before it awaits anything",
  );
}

/** @internal `undefined`: the task's synchronous part is over. */
export function setCurrentTask(task: Task | undefined): void {
  current.task = task;
}
