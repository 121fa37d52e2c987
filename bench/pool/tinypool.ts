import { Tinypool } from "tinypool";
import { type PoolPeer, TASKS } from "./peer.js";

export const tinypool: PoolPeer = {
  start(workers) {
    const pool = new Tinypool({ filename: TASKS.href, minThreads: workers, maxThreads: workers });
    return {
      run: (name, argument) => pool.run(argument, { name }),
      transfer: (name, buffer) => pool.run(buffer, { name, transferList: [buffer] }),
      close: () => pool.destroy(),
    };
  },
};
