import type { Protocol } from "./protocol.js";

/**
 * MESI, the Illinois protocol: whoever holds the line supplies it.
 *
 *     | own    | read           | write      |      | other | read              | readExclusive     | upgrade |
 *     | I      | read, E or S   | readX, M   |      | S     | supply, S         | supply, I         | I       |
 *     | S      | S              | upgrade, M |      | E     | supply, S         | supply, I         | -       |
 *     | E      | E              | M, silent  |      | M     | supply, flush, S  | supply, flush, I  | -       |
 *     | M      | M              | M          |
 *
 * Counting: a miss that any cache can answer is one cache-to-cache transfer of the requester, however many hold the
 * line, and no memory transaction; any other miss is one memory transaction. An upgrade is a bus transaction without
 * memory. The owner's data goes to memory, too: at the owner one flush, one write-back and one memory transaction, for a
 * readExclusive as for a read. M or E to S is an intervention.
 */
export const mesi: Protocol<"I" | "S" | "E" | "M"> = {
  name: "mesi",
  source: "Papamarcos & Patel, A low-overhead coherence solution ..., ISCA 1984",
  states: { I: {}, S: {}, E: { exclusive: true }, M: { exclusive: true, owner: true } },
  processor: {
    I: {
      read: { bus: "read", next: { alone: "E", shared: "S" } },
      write: { bus: "readExclusive", next: "M" },
    },
    S: { read: { next: "S" }, write: { bus: "upgrade", next: "M" } },
    E: { read: { next: "E" }, write: { next: "M" } },
    M: { read: { next: "M" }, write: { next: "M" } },
  },
  snoop: {
    S: { read: { next: "S", supplies: true }, readExclusive: { next: "I", supplies: true }, upgrade: { next: "I" } },
    E: { read: { next: "S", supplies: true }, readExclusive: { next: "I", supplies: true } },
    M: {
      read: { next: "S", supplies: true, flush: "to memory" },
      readExclusive: { next: "I", supplies: true, flush: "to memory" },
    },
  },
};
