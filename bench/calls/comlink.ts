import { type Remote, wrap } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import type { CallPeer } from "./peer.js";
import { type Line, startByPorts } from "./servers.js";
import type { PROCEDURES } from "./values.js";

export const comlink: CallPeer = {
  start: (servers, callers) => startByPorts("./comlink-server.js", servers, callers),
  open(handle) {
    const remote: Remote<typeof PROCEDURES> = wrap(nodeEndpoint((handle as Line).port));
    return { promised: (size) => (value) => remote[size](value) as Promise<unknown> };
  },
};
