import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open } from "lmdb";
import type { Key, MapPeer } from "./peer.js";

/** In a file that is not synced: as fast as it is without promises about a crash of the computer. */
const OPTIONS = { noSync: true, mapSize: 2 ** 28 };

export const lmdb: MapPeer = {
  make: () => mkdtemp(join(tmpdir(), "landspout-lmdb-")),
  open(handle) {
    const map = open<unknown, Key>({ path: join(handle as string, "map"), ...OPTIONS });
    let last: Promise<unknown> | undefined;
    return {
      get: (key) => map.get(key),
      // It writes many at once, in a thread of its own: the fastest way it has.
      set(key, value) {
        last = map.put(key, value);
      },
      settle: async () => last,
    };
  },
  close: (handle) => rm(handle as string, { recursive: true }),
};
