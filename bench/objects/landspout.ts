import { receive, SharedMap, SharedSpace } from "#library/index.js";
import type { Key, MapPeer } from "./peer.js";

/** One for all turns. */
let space: SharedSpace | undefined;

export const landspout: MapPeer = {
  async make() {
    space ??= new SharedSpace({ workers: 16 });
    return new SharedMap(space);
  },
  open: (handle) => receive<SharedMap<Key>>(handle),
  async close(handle) {
    (handle as SharedMap).free();
  },
};
