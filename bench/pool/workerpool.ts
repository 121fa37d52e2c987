import { fileURLToPath } from "node:url";
import workerpool from "workerpool";
import type { PoolPeer } from "./peer.js";

export const workerPool: PoolPeer = {
  start(workers) {
    const file = fileURLToPath(new URL("./workerpool-worker.js", import.meta.url));
    const pool = workerpool.pool(file, { minWorkers: workers, maxWorkers: workers, workerType: "thread" });
    return {
      run: async (name, argument) => await pool.exec(name, [argument]),
      transfer: async (name, buffer) => await pool.exec(name, [buffer], { transfer: [buffer] }),
      close: async () => await pool.terminate(),
    };
  },
};
