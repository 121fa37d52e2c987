import { Mutex } from "async-mutex";
import type { Peer } from "./peer.js";

/** The tasks of one thread only. */
export const asyncMutex: Peer = {
  awaitedPairs: () => {
    const mutex = new Mutex();
    return async (pairs) => {
      for (let i = 0; i < pairs; i++) {
        const release = await mutex.acquire();
        release();
      }
    };
  },
};
