import type { Kind } from "./kinds.js";

/** An algorithm of the kernel, as the head of its file describes it. */
export interface Algorithm {
  readonly kind: Kind;
  /** Its file's name, by which commands know it: `mcs`, `ticket-proportional`. */
  readonly name: string;
  readonly title: string;
  /** What it does, its state and its invariant. */
  readonly text: string;
  /** Paper and figure or algorithm number. */
  readonly source: string;
  /** Absent: its processors communicate by shared memory. Messages need a machine that passes them. */
  readonly communicates?: "messages";
  /** Locks, barriers: whether waiters spin for ever, sleep after a while, or wait for messages. Counters: never. */
  readonly waits?: "spinning" | "parking" | "receiving" | "never";
  /** Where its waiters spin, by construction. */
  readonly spins?: "shared" | "private in cache" | "private in memory" | "nowhere";
  /** How many waiters a release, or the end of an episode, signals with one write or message, by construction. */
  readonly signals?: "one" | "all";
  /** Locks: whether acquisitions are granted in the order in which they were asked for. */
  readonly order?: "fifo" | "none";
  /** The library's protocol that is proven in its place. */
  readonly proven?: string;
  /** How many processors can take part at most, if that is less than machines have. */
  readonly most?: string;
  /** Counters: whether the cheap read is exact. */
  readonly reads?: "exact" | "approximate";
  /** Policies: where ready tasks wait. */
  readonly queues?: "central" | "one for each processor";
  /** Policies: whether a task may wait for ever. */
  readonly starves?: "never" | "possible" | "without ageing" | "without a bound";
  /** Policies that have a parameter: what it is, and values worth measuring, as in `processors remembered: 2, 4, 8`. */
  readonly parameter?: string;
}
