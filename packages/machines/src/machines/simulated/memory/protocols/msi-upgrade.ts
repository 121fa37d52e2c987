import type { Protocol } from "./protocol.js";

/**
 * MSI with an upgrade, which courses call modified MSI: who writes a line that it shares has the data already, and only
 * invalidates the other copies.
 *
 *     | own    | read       | write      |      | other | read             | readExclusive    | upgrade |
 *     | I      | read, S    | readX, M   |      | S     | S                | I                | I       |
 *     | S      | S          | upgrade, M |      | M     | flush, S         | flush, I         | -       |
 *     | M      | M          | M          |
 *
 * Counting: as msi, but a write hit in S is an upgrade, no readExclusive and no memory transaction.
 */
export const msiUpgrade: Protocol<"I" | "S" | "M"> = {
  name: "msi-upgrade",
  source: "Solihin, Fundamentals of Parallel Multicore Architecture, 2015: MSI with BusUpgr",
  states: { I: {}, S: {}, M: { exclusive: true, owner: true } },
  processor: {
    I: { read: { bus: "read", next: "S" }, write: { bus: "readExclusive", next: "M" } },
    S: { read: { next: "S" }, write: { bus: "upgrade", next: "M" } },
    M: { read: { next: "M" }, write: { next: "M" } },
  },
  snoop: {
    S: { read: { next: "S" }, readExclusive: { next: "I" }, upgrade: { next: "I" } },
    M: { read: { next: "S", flush: "to memory" }, readExclusive: { next: "I", flush: "to memory" } },
  },
};
