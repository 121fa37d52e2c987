import { fileURLToPath } from "node:url";
import { FixedThreadPool } from "poolifier";
import type { PoolPeer } from "./peer.js";

export const poolifier: PoolPeer = {
  start(workers) {
    const file = fileURLToPath(new URL("./poolifier-worker.js", import.meta.url));
    const pool = new FixedThreadPool<unknown, unknown>(workers, file);
    return {
      run: (name, argument) => pool.execute(argument, name),
      transfer: (name, buffer) => pool.execute(buffer, name, undefined, [buffer]),
      close: () => pool.destroy(),
    };
  },
};
