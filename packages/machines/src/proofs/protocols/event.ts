import type { Protocol } from "../protocol.js";

interface Load {
  readonly waiters: number;
  readonly setters: number;
  /** The processor that may die: waiters come first. */
  readonly mortal?: number;
}

const LOADS: readonly Load[] = [
  { waiters: 1, setters: 1 },
  { waiters: 2, setters: 1 },
  { waiters: 1, setters: 2 },
  { waiters: 2, setters: 1, mortal: 0 },
  { waiters: 1, setters: 2, mortal: 1 },
];

const WAITS: readonly Protocol[] = LOADS.map(({ waiters, setters, mortal }) => ({
  protocol: "event",
  scenario: [`${waiters} for ${setters}`, mortal !== undefined && `${mortal} dying`].filter(Boolean).join(", "),
  processors: waiters + setters,
  entries: "event_prove_run",
  init: { entry: "event_prove_init", arguments: [waiters] },
  final: { entry: "event_prove_end", arguments: [Number(mortal !== undefined)] },
  ...(mortal !== undefined && { deaths: { entry: "prove_death", processors: [mortal] } }),
}));

const ALONE: Protocol = {
  protocol: "event",
  scenario: "one operation after the other",
  processors: 1,
  entries: "event_prove_alone",
  init: { entry: "event_prove_init", arguments: [0] },
  final: { entry: "event_prove_end", arguments: [0] },
};

export const EVENT: readonly Protocol[] = [ALONE, ...WAITS];
