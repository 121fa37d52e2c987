import type { Protocol } from "./protocol.js";

/**
 * MOSI: MSI whose dirty lines can be shared; their owner answers for them and memory stays stale.
 *
 *     | own    | read       | write      |      | other | read             | readExclusive    | upgrade |
 *     | I      | read, S    | readX, M   |      | S     | S                | I                | I       |
 *     | S      | S          | upgrade, M |      | O     | supply, flush, O | supply, flush, I | I       |
 *     | O      | O          | upgrade, M |      | M     | supply, flush, O | supply, flush, I | -       |
 *     | M      | M          | M          |
 *
 * Counting: as moesi, but for E: the first write of a line that only one processor read is an upgrade. M to O is an
 * intervention.
 */
export const mosi: Protocol<"I" | "S" | "O" | "M"> = {
  name: "mosi",
  source: "Sweazey & Smith, A class of compatible cache consistency protocols ..., ISCA 1986, without E",
  states: { I: {}, S: {}, O: { owner: true }, M: { exclusive: true, owner: true } },
  processor: {
    I: { read: { bus: "read", next: "S" }, write: { bus: "readExclusive", next: "M" } },
    S: { read: { next: "S" }, write: { bus: "upgrade", next: "M" } },
    O: { read: { next: "O" }, write: { bus: "upgrade", next: "M" } },
    M: { read: { next: "M" }, write: { next: "M" } },
  },
  snoop: {
    S: { read: { next: "S" }, readExclusive: { next: "I" }, upgrade: { next: "I" } },
    O: {
      read: { next: "O", supplies: true, flush: "to requester" },
      readExclusive: { next: "I", supplies: true, flush: "to requester" },
      upgrade: { next: "I" },
    },
    M: {
      read: { next: "O", supplies: true, flush: "to requester" },
      readExclusive: { next: "I", supplies: true, flush: "to requester" },
    },
  },
};
