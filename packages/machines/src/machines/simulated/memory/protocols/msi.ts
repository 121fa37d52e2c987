import type { Protocol } from "./protocol.js";

/**
 * MSI: the basic write-back, write-invalidate protocol.
 *
 *     | own    | read       | write      |      | other | read             | readExclusive    |
 *     | I      | read, S    | readX, M   |      | S     | S                | I                |
 *     | S      | S          | readX, M   |      | M     | flush, S         | flush, I         |
 *     | M      | M          | M          |
 *
 * Counting: every miss is one memory transaction of the requester, and so is a write hit in S, for there is no upgrade
 * here. A flush goes to memory, which then answers the requester: at the owner one flush, one write-back and one memory
 * transaction; no cache-to-cache transfer. Leaving M because of a read is an intervention; a line lost to readExclusive
 * is an invalidation of the cache that loses it.
 */
export const msi: Protocol<"I" | "S" | "M"> = {
  name: "msi",
  source: "Culler & Singh, Parallel Computer Architecture, 1999, section 5.3.1",
  states: { I: {}, S: {}, M: { exclusive: true, owner: true } },
  processor: {
    I: { read: { bus: "read", next: "S" }, write: { bus: "readExclusive", next: "M" } },
    S: { read: { next: "S" }, write: { bus: "readExclusive", next: "M" } },
    M: { read: { next: "M" }, write: { next: "M" } },
  },
  snoop: {
    S: { read: { next: "S" }, readExclusive: { next: "I" } },
    M: { read: { next: "S", flush: "to memory" }, readExclusive: { next: "I", flush: "to memory" } },
  },
};
