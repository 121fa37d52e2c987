import { fileURLToPath } from "node:url";
import { Worker } from "jest-worker";
import { type PoolPeer, TASKS, type TaskName } from "./peer.js";
import * as tasks from "./tasks.js";

type Exposed = Worker & Record<TaskName, (argument: unknown) => Promise<unknown>>;

/** Of Jest: it transfers nothing. */
export const jestWorker: PoolPeer = {
  start(workers) {
    const pool = new Worker(fileURLToPath(TASKS), {
      numWorkers: workers,
      enableWorkerThreads: true,
      exposedMethods: Object.keys(tasks),
    }) as Exposed;
    return {
      run: (name, argument) => pool[name](argument),
      close: () => pool.end(),
    };
  },
};
