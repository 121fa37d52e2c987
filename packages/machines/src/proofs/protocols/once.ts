import type { Long, Protocol } from "../protocol.js";

interface Load {
  readonly processors: number;
  /** Who fail when they do it. */
  readonly failing: number;
  /** How many die at most. */
  readonly deaths: number;
  readonly long?: Long;
}

const LOADS: readonly Load[] = [
  { processors: 2, failing: 0, deaths: 0 },
  { processors: 3, failing: 1, deaths: 0 },
  { processors: 2, failing: 0, deaths: 2 },
  { processors: 3, failing: 1, deaths: 1, long: "sc" },
];

const CALLS: readonly Protocol[] = LOADS.map(({ processors, failing, deaths, long }) => ({
  protocol: "once",
  scenario: [`${processors} call`, failing && `${failing} failing`, deaths && `${deaths} dying`]
    .filter(Boolean)
    .join(", "),
  processors,
  entries: "once_prove_run",
  init: { entry: "once_prove_init", arguments: [failing] },
  final: { entry: "once_prove_end", arguments: [processors, deaths] },
  ...(deaths > 0 && { deaths: { entry: "prove_death", most: deaths } }),
  long,
}));

const ALONE: Protocol = {
  protocol: "once",
  scenario: "one operation after the other",
  processors: 1,
  entries: "once_prove_alone",
  init: { entry: "once_prove_init", arguments: [0] },
  final: { entry: "once_prove_end", arguments: [1, 0] },
};

export const ONCE: readonly Protocol[] = [ALONE, ...CALLS];
