import type { CallPeer } from "./peer.js";

/** By name; loaded where they are used. */
export const PEERS = {
  landspout: async () => (await import("./landspout.js")).landspout,
  "landspout, any values": async () => (await import("./landspout.js")).anyValues,
  synckit: async () => (await import("./synckit.js")).synckit,
  comlink: async () => (await import("./comlink.js")).comlink,
  birpc: async () => (await import("./birpc.js")).birpc,
  "MessagePort, receiveMessageOnPort": async () => (await import("./port.js")).port,
  "MessagePort, both block": async () => (await import("./port.js")).blockingPort,
  MessagePort: async () => (await import("./port.js")).port,
} satisfies Record<string, () => Promise<CallPeer>>;

export type PeerName = keyof typeof PEERS;
