import type { Long, Protocol } from "../protocol.js";

interface Load {
  readonly processors: number;
  /** Times that each gives the name. */
  readonly turns: number;
  /** How many must not block. */
  readonly spinning?: number;
  /** How many die at most. */
  readonly deaths: number;
  /** Whether the last one looks for the name instead. */
  readonly finds?: boolean;
  readonly long?: Long;
}

const LOADS: readonly Load[] = [
  { processors: 2, turns: 1, deaths: 0 },
  { processors: 2, turns: 2, deaths: 0, long: "sc" },
  { processors: 3, turns: 1, deaths: 0, long: "sc" },
  { processors: 1, turns: 2, deaths: 1 },
  { processors: 2, turns: 1, deaths: 1, long: "sc" },
  { processors: 2, turns: 2, deaths: 1, long: "prove" },
  { processors: 2, turns: 2, finds: true, deaths: 0 },
  { processors: 2, turns: 2, spinning: 1, deaths: 0 },
  { processors: 3, turns: 1, spinning: 1, deaths: 0, long: "sc" },
  { processors: 2, turns: 1, spinning: 1, deaths: 1, long: "sc" },
];

const SCENES: readonly Protocol[] = LOADS.map(({ processors, turns, spinning = 0, finds = false, deaths, long }) => ({
  protocol: "names",
  scenario: [
    `${processors} x ${turns}`,
    finds && "one finds",
    spinning > 0 && `${spinning} spinning`,
    deaths > 0 && `${deaths} dying`,
  ]
    .filter(Boolean)
    .join(", "),
  processors,
  entries: finds ? [...Array<string>(processors - 1).fill("names_prove_run"), "names_prove_find"] : "names_prove_run",
  init: { entry: "names_prove_init", arguments: [turns, spinning] },
  final: { entry: "names_prove_end", arguments: [deaths] },
  ...(deaths > 0 && { deaths: { entry: "prove_death", most: deaths } }),
  long,
}));

const ALONE: Protocol = {
  protocol: "names",
  scenario: "one operation after the other",
  processors: 1,
  entries: "names_prove_alone",
  init: { entry: "names_prove_init", arguments: [1, 0] },
};

const NEIGHBOURS: Protocol = {
  protocol: "names",
  scenario: "an object without a name is unbound",
  processors: 1,
  entries: "names_prove_find",
  init: { entry: "names_prove_init_neighbours" },
};

export const NAMES: readonly Protocol[] = [ALONE, NEIGHBOURS, ...SCENES];
