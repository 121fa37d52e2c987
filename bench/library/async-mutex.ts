import { Mutex } from "async-mutex";
import type { Peer } from "./peer.js";

const mutex = new Mutex();

/** The tasks of one thread only. */
export const asyncMutex: Peer = {
  pairs: {
    asynchronous: async () => {
      const release = await mutex.acquire();
      release();
    },
  },
};
