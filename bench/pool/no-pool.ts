import type { PoolPeer } from "./peer.js";

/** A program that has none: what a turn costs without one. */
export const noPool: PoolPeer = {
  start: () => ({ run: async () => undefined, close: async () => undefined }),
};
