import type { Protocol } from "../protocol.js";

interface Load {
  readonly processors: number;
  /** Times that each gives the name. */
  readonly turns: number;
  /** How many must not block. */
  readonly spinning?: number;
  /** How many die at most. */
  readonly deaths: number;
  readonly long?: boolean;
}

const LOADS: readonly Load[] = [
  { processors: 2, turns: 1, deaths: 0 },
  { processors: 2, turns: 2, deaths: 0 },
  { processors: 3, turns: 1, deaths: 0 },
  { processors: 2, turns: 1, deaths: 1 },
  { processors: 2, turns: 2, deaths: 1, long: true },
  { processors: 2, turns: 2, spinning: 1, deaths: 0 },
  { processors: 3, turns: 1, spinning: 1, deaths: 0 },
  { processors: 2, turns: 1, spinning: 1, deaths: 1 },
];

export const NAMES: readonly Protocol[] = LOADS.map(({ processors, turns, spinning = 0, deaths, long = false }) => ({
  protocol: "names",
  scenario: [`${processors} x ${turns}`, spinning > 0 && `${spinning} spinning`, deaths > 0 && `${deaths} dying`]
    .filter(Boolean)
    .join(", "),
  processors,
  entries: "names_prove_run",
  init: { entry: "names_prove_init", arguments: [turns, spinning] },
  final: { entry: "names_prove_end", arguments: [deaths] },
  ...(deaths > 0 && { deaths: { entry: "prove_death", most: deaths } }),
  long,
}));
