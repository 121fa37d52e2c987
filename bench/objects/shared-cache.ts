import { receive, SharedCache, SharedSpace } from "#library/index.js";
import type { Key, MapPeer } from "./peer.js";

/** One for all turns. */
let space: SharedSpace | undefined;

/** With room for all entries, and so many in each worker's first level. */
export function sharedCache(firstLevel: number, entries = 100_000): MapPeer {
  return {
    async make() {
      space ??= new SharedSpace({ workers: 16 });
      return new SharedCache(space, { entries, firstLevel });
    },
    open: (handle) => receive<SharedCache<Key>>(handle),
    async close(handle) {
      (handle as SharedCache).free();
    },
  };
}
