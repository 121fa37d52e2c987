import type { Protocol } from "./protocol.js";

/**
 * MOESI: a dirty line can be shared; its owner answers for it and memory stays stale.
 *
 *     | own    | read           | write      |      | other | read              | readExclusive     | upgrade |
 *     | I      | read, E or S   | readX, M   |      | S     | S                 | I                 | I       |
 *     | S      | S              | upgrade, M |      | E     | S                 | I                 | -       |
 *     | O      | O              | upgrade, M |      | O     | supply, flush, O  | supply, flush, I  | I       |
 *     | E      | E              | M, silent  |      | M     | supply, flush, O  | supply, flush, I  | -       |
 *     | M      | M              | M          |
 *
 * Counting: only the owner (M or O) supplies: one cache-to-cache transfer of the requester and no memory transaction.
 * Without an owner memory is current and answers, also where S or E copies exist: one memory transaction. The owner's
 * supply puts dirty data on the bus and so is a flush of the owner; it is no write-back and no memory transaction,
 * because memory does not take it: that is what O is for. Memory is written once, when O or M is evicted: one
 * write-back, one memory transaction. M to O and E to S because of a read are interventions; O stays O. An owner that
 * sees an upgrade sends nothing, for the requester has the data.
 */
export const moesi: Protocol<"I" | "S" | "E" | "O" | "M"> = {
  name: "moesi",
  source: "Sweazey & Smith, A class of compatible cache consistency protocols ..., ISCA 1986",
  states: { I: {}, S: {}, E: { exclusive: true }, O: { owner: true }, M: { exclusive: true, owner: true } },
  processor: {
    I: {
      read: { bus: "read", next: { alone: "E", shared: "S" } },
      write: { bus: "readExclusive", next: "M" },
    },
    S: { read: { next: "S" }, write: { bus: "upgrade", next: "M" } },
    E: { read: { next: "E" }, write: { next: "M" } },
    O: { read: { next: "O" }, write: { bus: "upgrade", next: "M" } },
    M: { read: { next: "M" }, write: { next: "M" } },
  },
  snoop: {
    S: { read: { next: "S" }, readExclusive: { next: "I" }, upgrade: { next: "I" } },
    E: { read: { next: "S" }, readExclusive: { next: "I" } },
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
