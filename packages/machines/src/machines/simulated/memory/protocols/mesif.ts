import type { Protocol } from "./protocol.js";

/**
 * MESIF: of those that share a clean line one, the last that read it, forwards it (F). The others are silent.
 *
 *     | own    | read           | write      |      | other | read              | readExclusive     | upgrade |
 *     | I      | read, E or F   | readX, M   |      | S     | S                 | I                 | I       |
 *     | S      | S              | upgrade, M |      | F     | supply, S         | supply, I         | I       |
 *     | F      | F              | upgrade, M |      | E     | supply, S         | supply, I         | -       |
 *     | E      | E              | M, silent  |      | M     | supply, flush, S  | supply, flush, I  | -       |
 *     | M      | M              | M          |
 *
 * Counting: as mesi, but where F was evicted and only S copies are left, memory answers: one memory transaction. The
 * requester is F then, too. The owner's data goes to memory, as in mesi here, also for a readExclusive. M or E to S is an
 * intervention, F to S is none.
 */
export const mesif: Protocol<"I" | "S" | "F" | "E" | "M"> = {
  name: "mesif",
  source: "Goodman & Hum, MESIF: a two-hop cache coherency protocol for point-to-point interconnects, 2009",
  states: { I: {}, S: {}, F: {}, E: { exclusive: true }, M: { exclusive: true, owner: true } },
  processor: {
    I: {
      read: { bus: "read", next: { alone: "E", shared: "F" } },
      write: { bus: "readExclusive", next: "M" },
    },
    S: { read: { next: "S" }, write: { bus: "upgrade", next: "M" } },
    F: { read: { next: "F" }, write: { bus: "upgrade", next: "M" } },
    E: { read: { next: "E" }, write: { next: "M" } },
    M: { read: { next: "M" }, write: { next: "M" } },
  },
  snoop: {
    S: { read: { next: "S" }, readExclusive: { next: "I" }, upgrade: { next: "I" } },
    F: { read: { next: "S", supplies: true }, readExclusive: { next: "I", supplies: true }, upgrade: { next: "I" } },
    E: { read: { next: "S", supplies: true }, readExclusive: { next: "I", supplies: true } },
    M: {
      read: { next: "S", supplies: true, flush: "to memory" },
      readExclusive: { next: "I", supplies: true, flush: "to memory" },
    },
  },
};
