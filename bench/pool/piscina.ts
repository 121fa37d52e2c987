import { Piscina } from "piscina";
import { type PoolPeer, TASKS } from "./peer.js";

/** Workers that wait for a message, blocked or not, or return to their event loop after each task. */
export function piscina(atomics: "sync" | "async" | "disabled"): PoolPeer {
  return {
    start(workers) {
      const pool = new Piscina({ filename: TASKS.href, minThreads: workers, maxThreads: workers, atomics });
      return {
        run: (name, argument) => pool.run(argument, { name }),
        transfer: (name, buffer) => pool.run(buffer, { name, transferList: [buffer] }),
        keyed: (name, argument) => pool.run(argument, { name }),
        close: () => pool.destroy(),
      };
    },
  };
}
