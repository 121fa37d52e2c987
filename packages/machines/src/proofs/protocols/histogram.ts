import type { Long, Protocol } from "../protocol.js";

interface Load {
  /** The last one resets, the others record. */
  readonly processors: number;
  /** Records of each. */
  readonly turns: number;
  /** How many die at most. */
  readonly deaths: number;
  readonly long?: Long;
}

const LOADS: readonly Load[] = [
  { processors: 2, turns: 3, deaths: 0 },
  { processors: 3, turns: 1, deaths: 0 },
  { processors: 2, turns: 2, deaths: 1 },
  { processors: 3, turns: 1, deaths: 1, long: "sc" },
];

const ALONE: Protocol = {
  protocol: "histogram",
  scenario: "one operation after the other",
  processors: 1,
  entries: "histogram_prove_alone",
  init: { entry: "histogram_prove_alone_init", arguments: [] },
};

/** Of one that may die at each step. */
const STEPS: Protocol = {
  protocol: "histogram",
  scenario: "two records after a reset, dying",
  processors: 1,
  entries: "histogram_prove_steps",
  init: { entry: "histogram_prove_steps_init" },
  final: { entry: "histogram_prove_steps_end" },
  deaths: { entry: "prove_death" },
};

/** Where the first object is in a space of four processors. */
const FIRST_OBJECT = 395_776;

/** The functions that workers call: the other claims execute copies of them, which the compiler makes as it likes. */
const EXPORTS: Protocol = {
  protocol: "histogram",
  scenario: "read and reset at once, as workers call it",
  processors: 4,
  entries: ["histogram_reset", "histogram_sum", "histogram_least", "histogram_most"],
  arguments: [FIRST_OBJECT],
  init: { entry: "histogram_prove_exports_init", arguments: [FIRST_OBJECT] },
  invariant: { entry: "histogram_prove_exports_invariant" },
  final: { entry: "histogram_prove_exports_end" },
};

const RECORDS: readonly Protocol[] = LOADS.map(({ processors, turns, deaths, long }) => ({
  protocol: "histogram",
  scenario: `${processors} x ${turns}${deaths > 0 ? `, ${deaths} dying` : ""}`,
  processors,
  entries: "histogram_prove_run",
  init: { entry: "histogram_prove_init", arguments: [turns] },
  final: { entry: "histogram_prove_end", arguments: [processors - 1] },
  ...(deaths > 0 && { deaths: { entry: "prove_death", most: deaths } }),
  long,
}));

export const HISTOGRAM: readonly Protocol[] = [ALONE, STEPS, EXPORTS, ...RECORDS];
