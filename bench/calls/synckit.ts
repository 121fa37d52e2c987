import { fileURLToPath } from "node:url";
import { createSyncFn } from "synckit";
import type { CallPeer } from "./peer.js";
import type { SizeName } from "./values.js";

const FILE = fileURLToPath(new URL("./synckit-worker.js", import.meta.url));

/** A caller starts the one thread that serves it, which ends with it. */
export const synckit: CallPeer = {
  start: async (_, callers) => ({
    handles: Array.from({ length: callers }, () => ({ handle: undefined, transfer: [] })),
    close: async () => {},
  }),
  open() {
    const call = createSyncFn<(size: SizeName, value: unknown) => unknown>(FILE);
    return { blocking: (size) => (value) => call(size, value) };
  },
};
