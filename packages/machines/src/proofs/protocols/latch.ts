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

const ALONE: readonly Protocol[] = [
  ["a latch that is made", "latch_prove_create"],
  ["one operation after the other", "latch_prove_counting"],
  ["deaths, one after the other", "latch_prove_repairs"],
].map(([scenario, entry]) => ({
  protocol: "latch",
  scenario: scenario!,
  processors: 1,
  entries: entry!,
  init: { entry: "latch_prove_alone_init", arguments: [] },
  ...(entry === "latch_prove_repairs" && { invariant: { entry: "latch_prove_no_more" } }),
}));

/** Slot 1, whose processor may die, has promised so many of 2 before. */
const PROMISED: readonly Protocol[] = [
  { scenario: "one promises", counts: 0, does: ["promise"], end: "promise_end" },
  { scenario: "one ends that has promised", counts: 2, does: ["ends"], end: "ends_end" },
  {
    scenario: "one ends that has promised, another counts down",
    counts: 2,
    does: ["ends", "counts_down"],
    end: "ends_end",
  },
].map(({ scenario, counts, does, end }) => ({
  protocol: "latch",
  scenario: `${scenario}, dying`,
  processors: does.length,
  entries: does.map((what) => `latch_prove_${what}`),
  init: { entry: "latch_prove_init_promised", arguments: [counts] },
  final: { entry: `latch_prove_${end}` },
  deaths: { entry: "prove_death", processors: [0] },
}));

const TOGETHER: readonly Protocol[] = LOADS.map(({ waiters, counters, counts, mortal }) => ({
  protocol: "latch",
  scenario: [`${waiters} for ${counters} of ${counts}`, mortal && `${mortal} dying`].filter(Boolean).join(", "),
  processors: waiters + counters,
  entries: "latch_prove_run",
  init: { entry: "latch_prove_init", arguments: [waiters, counts] },
  final: { entry: "latch_prove_end", arguments: [Number(mortal !== undefined)] },
  ...(mortal && { deaths: { entry: "prove_death", processors: mortal } }),
}));

export const LATCH: readonly Protocol[] = [...ALONE, ...PROMISED, ...TOGETHER];
