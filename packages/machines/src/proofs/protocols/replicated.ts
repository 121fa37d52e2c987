import type { Long, Protocol } from "../protocol.js";

interface Load {
  readonly readers: number;
  readonly updaters: number;
  /** Reads are made inside the guard. */
  readonly keepsOut?: true;
  /** The processor that may die: readers come first. */
  readonly mortal?: number;
  readonly long?: Long;
}

const LOADS: readonly Load[] = [
  { readers: 1, updaters: 1 },
  { readers: 0, updaters: 2 },
  { readers: 1, updaters: 1, keepsOut: true },
  { readers: 1, updaters: 1, mortal: 1 },
  { readers: 1, updaters: 1, keepsOut: true, mortal: 0, long: "sc" },
  { readers: 0, updaters: 2, mortal: 0, long: "sc" },
];

/** A reader copies what may be another's by then, and throws the copy away. */
const CLAIM = { protocol: "replicated", races: false } as const;

const deaths = (mortal: number | undefined) =>
  mortal !== undefined && { deaths: { entry: "prove_death", processors: [mortal] } };
const named = (what: string, mortal: number | undefined) => (mortal === undefined ? what : `${what}, ${mortal} dying`);

const UPDATES: readonly Protocol[] = LOADS.map(({ readers, updaters, keepsOut, mortal, long }) => ({
  ...CLAIM,
  scenario: named(`${readers} reading beside ${updaters}${keepsOut ? ", inside the guard" : ""}`, mortal),
  processors: readers + updaters,
  entries: "replicated_prove_run",
  init: { entry: "replicated_prove_init", arguments: [readers, Number(keepsOut === true)] },
  final: { entry: "replicated_prove_end", arguments: [Number(mortal !== undefined)] },
  ...deaths(mortal),
  long,
}));

const WAITS: readonly Protocol[] = [{ waiters: 1 }, { waiters: 2 }, { waiters: 1, mortal: 1 }].map(
  ({ waiters, mortal }) => ({
    ...CLAIM,
    scenario: named(`${waiters} waiting`, mortal),
    processors: waiters + 1,
    entries: "replicated_prove_wait",
    init: { entry: "replicated_prove_init", arguments: [waiters, 0] },
    ...(mortal !== undefined && { deaths: { entry: "replicated_prove_death", processors: [mortal] } }),
  }),
);

const FREES: readonly Protocol[] = [
  { processors: 2 },
  { processors: 3, long: "prove" as const },
  { processors: 2, mortal: 0, long: "prove" as const },
  { processors: 2, mortal: 1, long: "prove" as const },
].map(({ processors, mortal, long }) => ({
  ...CLAIM,
  scenario: named(processors === 2 ? "freed beside one that replaces" : "freed beside one that waits, too", mortal),
  processors,
  entries: "replicated_prove_free",
  init: { entry: "replicated_prove_init", arguments: [0, 0] },
  final: { entry: "replicated_prove_free_end", arguments: [mortal === undefined ? 0 : 2] },
  ...deaths(mortal),
  long,
}));

const ALONE: Protocol = {
  ...CLAIM,
  scenario: "one operation after the other",
  processors: 1,
  entries: "replicated_prove_alone",
  init: { entry: "replicated_prove_alone_init" },
};

export const REPLICATED: readonly Protocol[] = [ALONE, ...UPDATES, ...WAITS, ...FREES];
