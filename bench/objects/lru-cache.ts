import { LRUCache } from "lru-cache";
import type { Key, MapPeer } from "./peer.js";

/** One in every thread. */
export const lruCache: MapPeer = {
  make: async () => 100_000,
  open: (entries) => new LRUCache<Key, object | number>({ max: entries as number }) as never,
  close: async () => {},
};
