import { Piscina } from "piscina";
import { type PoolPeer, TASKS } from "./peer.js";

/**
 * Piscina requires the tasks before it imports them. Node aborts the whole process if a worker is terminated while it requires
 * an ES module, as one can be that has just started when the pool is closed. So they are imported.
 */
const REQUIRES_MODULES = "--experimental-require-module";
const execArgv = process.allowedNodeEnvironmentFlags.has(REQUIRES_MODULES)
  ? [...process.execArgv, REQUIRES_MODULES.replace("--", "--no-")]
  : process.execArgv;

/** Workers that wait for a message, blocked or not, or return to their event loop after each task. */
export function piscina(atomics: "sync" | "async" | "disabled"): PoolPeer {
  return {
    start(workers) {
      const pool = new Piscina({ filename: TASKS.href, minThreads: workers, maxThreads: workers, atomics, execArgv });
      return {
        run: (name, argument) => pool.run(argument, { name }),
        transfer: (name, buffer) => pool.run(buffer, { name, transferList: [buffer] }),
        keyed: (name, argument) => pool.run(argument, { name }),
        close: () => pool.destroy(),
      };
    },
  };
}
