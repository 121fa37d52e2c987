import type { Protocol } from "./protocol.js";

/**
 * Firefly: write-update through memory, which is always current for shared lines. V is valid exclusive, S shared, D
 * dirty.
 *
 *     | own    | read           | write                         |      | other | read             | update |
 *     | I      | read, V or S   | read, D; if shared: update, S |      | V     | supply, S        | -      |
 *     | V      | V              | D, silent                     |      | S     | supply, S        | S      |
 *     | S      | S              | update, S; if alone: V        |      | D     | supply, flush, S | -      |
 *     | D      | D              | D                             |
 *
 * Counting: nothing is invalidated. All holders supply the line together (the bus's MShared line keeps memory silent):
 * one cache-to-cache transfer of the requester and no memory transaction; without a holder one memory transaction. D is
 * written to memory while it is supplied: at the owner one flush, one write-back and one memory transaction. A write to
 * a shared line is one update, and one memory transaction for the word written through; also if it finds nobody left.
 * V or D to S is an intervention; the read may be a write miss's.
 */
export const firefly: Protocol<"I" | "V" | "S" | "D"> = {
  name: "firefly",
  source: "Thacker & Stewart, Firefly: a multiprocessor workstation, ASPLOS 1987",
  states: { I: {}, V: { exclusive: true }, S: {}, D: { exclusive: true, owner: true } },
  processor: {
    I: {
      read: { bus: "read", next: { alone: "V", shared: "S" } },
      write: { bus: "read", ifShared: "update", next: { alone: "D", shared: "S" } },
    },
    V: { read: { next: "V" }, write: { next: "D" } },
    S: { read: { next: "S" }, write: { bus: "update", next: { alone: "V", shared: "S" } } },
    D: { read: { next: "D" }, write: { next: "D" } },
  },
  snoop: {
    V: { read: { next: "S", supplies: true } },
    S: { read: { next: "S", supplies: true }, update: { next: "S" } },
    D: { read: { next: "S", supplies: true, flush: "to memory" } },
  },
  updatesMemory: true,
};
