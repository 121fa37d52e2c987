import type { PoolPeer } from "./peer.js";

/** Loaded when they are measured: a bench of something else needs none of them. */
export const POOLS = {
  landspout: async () => (await import("./landspout.js")).landspout(),
  "landspout, block": async () => (await import("./landspout.js")).landspout({ idle: "block" }),
  "landspout, sharded by hand": async () => (await import("./landspout.js")).sharded,
  "landspout, least busy": async () => (await import("./landspout.js")).leastBusy,
  "piscina, sync": async () => (await import("./piscina.js")).piscina("sync"),
  "piscina, async": async () => (await import("./piscina.js")).piscina("async"),
  "piscina, disabled": async () => (await import("./piscina.js")).piscina("disabled"),
  tinypool: async () => (await import("./tinypool.js")).tinypool,
  poolifier: async () => (await import("./poolifier.js")).poolifier,
  workerpool: async () => (await import("./workerpool.js")).workerPool,
  "no pool": async () => (await import("./no-pool.js")).noPool,
  "jest-worker": async () => (await import("./jest-worker.js")).jestWorker,
} satisfies Record<string, () => Promise<PoolPeer>>;
