import type { Protocol } from "../protocol.js";

interface Load {
  readonly waiters: number;
  readonly counters: number;
  /** How often each of those counts down, as promised; 0: all try to count down a latch of 1. */
  readonly counts: number;
  /** The processors that may die: waiters come first. */
  readonly mortal?: readonly number[];
}

const LOADS: readonly Load[] = [
  { waiters: 1, counters: 1, counts: 2 },
  { waiters: 1, counters: 2, counts: 1 },
  { waiters: 2, counters: 1, counts: 1 },
  { waiters: 1, counters: 1, counts: 2, mortal: [1] },
  { waiters: 1, counters: 2, counts: 1, mortal: [1] },
  { waiters: 2, counters: 1, counts: 1, mortal: [0] },
  { waiters: 1, counters: 2, counts: 0 },
  { waiters: 1, counters: 2, counts: 0, mortal: [1] },
];

export const LATCH: readonly Protocol[] = LOADS.map(({ waiters, counters, counts, mortal }) => ({
  protocol: "latch",
  scenario: [`${waiters} for ${counters} of ${counts}`, mortal && `${mortal} dying`].filter(Boolean).join(", "),
  processors: waiters + counters,
  entries: "latch_prove_run",
  init: { entry: "latch_prove_init", arguments: [waiters, counts] },
  final: { entry: "latch_prove_end", arguments: [Number(mortal !== undefined)] },
  ...(mortal && { deaths: { entry: "prove_death", processors: mortal } }),
}));
