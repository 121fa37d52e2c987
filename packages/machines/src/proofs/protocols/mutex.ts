import type { Long, Protocol } from "../protocol.js";

interface Load {
  readonly processors: number;
  /** Acquisitions of each. */
  readonly turns: number;
  /** How many die at most. */
  readonly deaths: number;
  /** Whether an heir demands the lock as soon as it has looked in vain. */
  readonly demands?: boolean;
  /** Whether there are cores for all, so that they look a while before they sleep. */
  readonly spins?: boolean;
  /** Whether there are too few cores, so that an heir naps between looks. */
  readonly naps?: boolean;
  /** How many wait without blocking: the last ones. */
  readonly asynchronous?: number;
  /** Whether the last one gives up after a while. */
  readonly impatient?: boolean;
  /** Whether they only try. */
  readonly tries?: boolean;
  readonly long?: Long;
}

/** How heirs behave; kernel/library/proofs/worker.ts. */
const IMPATIENT = 1;
const NAPPING = 2;

const LOADS: readonly Load[] = [
  { processors: 2, turns: 2, deaths: 0 },
  { processors: 2, turns: 2, deaths: 0, demands: true },
  { processors: 2, turns: 1, deaths: 0, naps: true },
  { processors: 2, turns: 2, deaths: 0, naps: true },
  { processors: 2, turns: 1, deaths: 0, spins: true },
  { processors: 2, turns: 2, deaths: 0, spins: true },
  { processors: 2, turns: 2, deaths: 0, tries: true },
  { processors: 2, turns: 1, deaths: 0, impatient: true },
  { processors: 2, turns: 2, deaths: 0, asynchronous: 1 },
  { processors: 3, turns: 1, deaths: 0 },
  { processors: 3, turns: 1, deaths: 0, demands: true, impatient: true },
  { processors: 3, turns: 1, deaths: 0, demands: true, asynchronous: 1 },
  { processors: 3, turns: 1, deaths: 0, asynchronous: 2 },
  { processors: 2, turns: 1, deaths: 1 },
  { processors: 2, turns: 1, deaths: 1, impatient: true },
  { processors: 2, turns: 1, deaths: 1, asynchronous: 1 },
  { processors: 2, turns: 1, deaths: 1, spins: true },
  { processors: 2, turns: 1, deaths: 1, naps: true },
  { processors: 2, turns: 1, deaths: 2, demands: true },
  { processors: 2, turns: 2, deaths: 2, demands: true, long: "prove" },
  { processors: 3, turns: 1, deaths: 1, long: "prove" },
  { processors: 3, turns: 1, deaths: 1, spins: true, long: "prove" },
  { processors: 3, turns: 1, deaths: 2, long: "prove" },
];

/** What one worker sees, and what it leaves in the mutex and in its record. */
const ALONE: readonly Protocol[] = [
  {
    protocol: "mutex",
    scenario: "one operation after the other",
    processors: 1,
    entries: "mutex_prove_alone",
    init: { entry: "mutex_prove_init", arguments: [1, 0, 0] },
    invariant: { entry: "mutex_prove_found" },
  },
  {
    protocol: "mutex",
    scenario: "a space that is full",
    processors: 1,
    entries: "mutex_prove_full",
    init: { entry: "mutex_prove_init", arguments: [1, 0, 0] },
  },
];

/** It is reserved for who dies as it gives up. */
const RESIGNING: Protocol = {
  protocol: "mutex",
  scenario: "an heir that gives up, dying",
  processors: 2,
  entries: ["mutex_prove_run", "mutex_prove_resigns"],
  init: { entry: "mutex_prove_init_resigning" },
  deaths: { entry: "prove_death", processors: [1] },
};

const TOGETHER: readonly Protocol[] = LOADS.map(
  ({
    processors,
    turns,
    deaths,
    demands = false,
    spins = false,
    naps = false,
    asynchronous = 0,
    impatient = false,
    tries = false,
    long,
  }) => ({
    protocol: "mutex",
    scenario: [
      `${processors} x ${turns}`,
      demands && "demanded",
      spins && "spinning",
      naps && "napping",
      asynchronous > 0 && `${asynchronous} asynchronous`,
      impatient && "1 impatient",
      tries && "only trying",
      deaths && `${deaths} dying`,
    ]
      .filter(Boolean)
      .join(", "),
    processors,
    entries: Array.from({ length: processors }, (_, p) =>
      tries
        ? "mutex_prove_try"
        : p >= processors - asynchronous
          ? "mutex_prove_asynchronously"
          : impatient && p === processors - 1
            ? "mutex_prove_impatient"
            : "mutex_prove_run",
    ),
    ...(tries && { invariant: { entry: "mutex_prove_unmarked" } }),
    init: {
      entry: "mutex_prove_init",
      arguments: [turns, Number(demands) * IMPATIENT + Number(naps) * NAPPING, Number(spins)],
    },
    final: { entry: "mutex_prove_end", arguments: [processors, deaths] },
    ...(deaths > 0 && { deaths: { entry: "prove_death", most: deaths } }),
    long,
  }),
);

export const MUTEX: readonly Protocol[] = [...ALONE, RESIGNING, ...TOGETHER];
