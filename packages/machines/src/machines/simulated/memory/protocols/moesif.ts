import type { Protocol } from "./protocol.js";

/**
 * MOESI with F: somebody answers for shared lines, too, dirty ones (O) and clean ones (F). It is whoever had the line
 * alone, and remains so until it evicts the line or another writes it.
 *
 *     | own    | read           | write      |      | other | read              | readExclusive     | upgrade |
 *     | I      | read, E or S   | readX, M   |      | S     | S                 | I                 | I       |
 *     | S      | S              | upgrade, M |      | F     | supply, F         | supply, I         | I       |
 *     | F      | F              | upgrade, M |      | O     | supply, flush, O  | supply, flush, I  | I       |
 *     | O      | O              | upgrade, M |      | E     | supply, F         | supply, I         | -       |
 *     | E      | E              | M, silent  |      | M     | supply, flush, O  | supply, flush, I  | -       |
 *     | M      | M              | M          |
 *
 * Counting: as moesi, but E and F supply, too: one cache-to-cache transfer of the requester and no memory transaction. At
 * most one of O and F holds a line; where it was evicted, memory is current and answers. M to O and E to F are
 * interventions.
 */
export const moesif: Protocol<"I" | "S" | "F" | "E" | "O" | "M"> = {
  name: "moesif",
  source: "moesi, with the clean line's forwarder of Goodman & Hum, 2009, who does not pass that on to readers",
  states: { I: {}, S: {}, F: {}, E: { exclusive: true }, O: { owner: true }, M: { exclusive: true, owner: true } },
  processor: {
    I: {
      read: { bus: "read", next: { alone: "E", shared: "S" } },
      write: { bus: "readExclusive", next: "M" },
    },
    S: { read: { next: "S" }, write: { bus: "upgrade", next: "M" } },
    F: { read: { next: "F" }, write: { bus: "upgrade", next: "M" } },
    E: { read: { next: "E" }, write: { next: "M" } },
    O: { read: { next: "O" }, write: { bus: "upgrade", next: "M" } },
    M: { read: { next: "M" }, write: { next: "M" } },
  },
  snoop: {
    S: { read: { next: "S" }, readExclusive: { next: "I" }, upgrade: { next: "I" } },
    F: { read: { next: "F", supplies: true }, readExclusive: { next: "I", supplies: true }, upgrade: { next: "I" } },
    E: { read: { next: "F", supplies: true }, readExclusive: { next: "I", supplies: true } },
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
