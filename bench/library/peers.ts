import type { Peer } from "./peer.js";

/**
 * Loaded where and when they are measured: some change what they find in `globalThis`. Undefined: absent on this Node.
 */
export const PEERS = {
  landspout: async () => (await import("./landspout.js")).landspout,
  "landspout, numbers": async () => (await import("./landspout.js")).numbers,
  "landspout, addresses": async () => (await import("./landspout.js")).addressed,
  "landspout, new tokens": async () => (await import("./landspout.js")).newTokens,
  "Atomics, 3 states": async () => (await import("./atomics.js")).threeStates,
  "Atomics, 2 states": async () => (await import("./atomics.js")).twoStates,
  "Atomics.add": async () => (await import("./atomics.js")).oneSharedWord,
  "no lock": async () => (await import("./atomics.js")).noLock,
  multithreading: async () => (await import("./multithreading.js")).multithreading,
  "async-mutex": async () => (await import("./async-mutex.js")).asyncMutex,
  "Node's locks": async () => (await import("./node-locks.js")).nodeLocks,
  "MessagePort, numbers": async () => (await import("./message-port.js")).messagePortNumbers,
  "MessagePort, bytes": async () => (await import("./message-port.js")).messagePortBytes,
  "ringbuf.js": async () => (await import("./ringbuf.js")).ringbuf,
  "@thi.ng/malloc": async () => (await import("./thing-malloc.js")).thingViews,
  "@thi.ng/malloc, addresses": async () => (await import("./thing-malloc.js")).thingAddresses,
} satisfies Record<string, () => Promise<Peer | undefined>>;

export type PeerName = keyof typeof PEERS;

export async function loadPeer(name: PeerName): Promise<Peer | undefined> {
  return await PEERS[name]();
}
