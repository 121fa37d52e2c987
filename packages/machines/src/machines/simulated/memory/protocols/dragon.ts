import type { Protocol } from "./protocol.js";

/**
 * Dragon: write-update between caches; memory stays stale until the owner is evicted. Sc is shared clean (clean with
 * respect to the owner: memory may be stale), Sm shared modified.
 *
 *     | own    | read            | write                          |      | other | read              | update |
 *     | I      | read, E or Sc   | read, M; if shared: update, Sm |      | E     | Sc                | -      |
 *     | E      | E               | M, silent                      |      | Sc    | Sc                | Sc     |
 *     | Sc     | Sc              | update, Sm; if alone: M        |      | Sm    | supply, flush, Sm | Sc     |
 *     | Sm     | Sm              | update, Sm; if alone: M        |      | M     | supply, flush, Sm | -      |
 *     | M      | M               | M                              |
 *
 * Counting: nothing is invalidated. Only the owner (M or Sm) supplies: one cache-to-cache transfer of the requester and
 * no memory transaction; without an owner memory is current and answers: one memory transaction. The owner's supply is
 * a flush of the owner, but no write-back and no memory transaction, because memory does not take it (Firefly's does);
 * that comes when Sm or M is evicted. A write hit in Sc or Sm is one update, also if it finds nobody left; a write miss
 * with other holders is a read and one update. M to Sm and E to Sc are interventions; the read may be a write miss's.
 */
export const dragon: Protocol<"I" | "E" | "Sc" | "Sm" | "M"> = {
  name: "dragon",
  source: "McCreight, The Dragon computer system, 1984; Culler & Singh, 1999, section 5.3.3",
  states: { I: {}, E: { exclusive: true }, Sc: {}, Sm: { owner: true }, M: { exclusive: true, owner: true } },
  processor: {
    I: {
      read: { bus: "read", next: { alone: "E", shared: "Sc" } },
      write: { bus: "read", ifShared: "update", next: { alone: "M", shared: "Sm" } },
    },
    E: { read: { next: "E" }, write: { next: "M" } },
    Sc: { read: { next: "Sc" }, write: { bus: "update", next: { alone: "M", shared: "Sm" } } },
    Sm: { read: { next: "Sm" }, write: { bus: "update", next: { alone: "M", shared: "Sm" } } },
    M: { read: { next: "M" }, write: { next: "M" } },
  },
  snoop: {
    E: { read: { next: "Sc" } },
    Sc: { read: { next: "Sc" }, update: { next: "Sc" } },
    Sm: { read: { next: "Sm", supplies: true, flush: "to requester" }, update: { next: "Sc" } },
    M: { read: { next: "Sm", supplies: true, flush: "to requester" } },
  },
};
