import * as threads from "node:worker_threads";
import { type Peer, shares } from "./peer.js";

/** Web Locks: from Node 24.5. */
const { locks } = threads as typeof threads & { readonly locks?: LockManager };
let created = 0;

/** Undefined where this Node has none. */
export const nodeLocks: Peer | undefined = locks && {
  awaitedPairs: () => async (pairs) => {
    for (let i = 0; i < pairs; i++) await locks.request("uncontended", () => {});
  },
  lock: {
    create: (parties) => shares(parties, `lock ${created++}`),
    attach: (name: string) => ({ request: (section) => locks.request(name, section) }),
  },
};
