import type { MessagePort } from "node:worker_threads";
import { createBirpc } from "birpc";
import type { CallPeer } from "./peer.js";
import { type Line, startByPorts } from "./servers.js";
import type { PROCEDURES } from "./values.js";

export const birpc: CallPeer = {
  start: (servers, callers) => startByPorts("./birpc-server.js", servers, callers),
  open(handle) {
    const remote = createBirpc<typeof PROCEDURES>({}, channelOf((handle as Line).port));
    return { promised: (size) => (value) => remote[size](value) as Promise<unknown> };
  },
};

export function channelOf(port: MessagePort) {
  return {
    post: (data: unknown) => port.postMessage(data),
    on: (listener: (data: unknown) => void) => port.on("message", listener),
  };
}
