import type { Protocol } from "../protocol.js";

interface Load {
  /** The last one resets, the others record. */
  readonly processors: number;
  /** Records of each. */
  readonly turns: number;
  /** How many die at most. */
  readonly deaths: number;
}

const LOADS: readonly Load[] = [
  { processors: 2, turns: 3, deaths: 0 },
  { processors: 3, turns: 1, deaths: 0 },
  { processors: 2, turns: 2, deaths: 1 },
  { processors: 3, turns: 1, deaths: 1 },
];

const ALONE: Protocol = {
  protocol: "histogram",
  scenario: "one operation after the other",
  processors: 1,
  entries: "histogram_prove_alone",
  init: { entry: "histogram_prove_alone_init", arguments: [] },
};

const RECORDS: readonly Protocol[] = LOADS.map(({ processors, turns, deaths }) => ({
  protocol: "histogram",
  scenario: `${processors} x ${turns}${deaths > 0 ? `, ${deaths} dying` : ""}`,
  processors,
  entries: "histogram_prove_run",
  init: { entry: "histogram_prove_init", arguments: [turns] },
  final: { entry: "histogram_prove_end", arguments: [processors - 1] },
  ...(deaths > 0 && { deaths: { entry: "prove_death", most: deaths } }),
}));

export const HISTOGRAM: readonly Protocol[] = [ALONE, ...RECORDS];
