import type { MapPeer } from "./peer.js";

/** By name; loaded where they are used. */
export const PEERS = {
  landspout: async () => (await import("./landspout.js")).landspout,
  SharedCache: async () => (await import("./shared-cache.js")).sharedCache(4096),
  "SharedCache, shared alone": async () => (await import("./shared-cache.js")).sharedCache(0),
  "lru-cache": async () => (await import("./lru-cache.js")).lruCache,
  lmdb: async () => (await import("./lmdb.js")).lmdb,
  "a Map behind a port": async () => (await import("./port.js")).port,
} satisfies Record<string, () => Promise<MapPeer>>;

export type PeerName = keyof typeof PEERS;
