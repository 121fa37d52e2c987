import type * as tasks from "./tasks.js";

/** A task that workers execute. */
export type TaskName = keyof typeof tasks;

/** What a package offers of what is measured. */
export interface PoolPeer {
  start(workers: number): RunningPool | Promise<RunningPool>;
}

export interface RunningPool {
  run(task: TaskName, argument?: unknown): Promise<unknown>;
  /** The results of as many tasks, in order. */
  map?(task: TaskName, count: number): AsyncIterable<unknown>;
  /** The argument is an ArrayBuffer that is moved to the worker. */
  transfer?(task: TaskName, buffer: ArrayBuffer): Promise<unknown>;
  /** The task is for a worker that has the key's state. */
  keyed?(task: TaskName, argument: unknown, key: number): Promise<unknown>;
  close(): Promise<unknown>;
}

/** The module with the tasks. */
export const TASKS = new URL("./tasks.js", import.meta.url);
