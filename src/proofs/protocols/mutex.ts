import type { Protocol } from "../protocol.js";

interface Load {
  readonly processors: number;
  /** Acquisitions of each. */
  readonly turns: number;
  /** How many die at most. */
  readonly deaths: number;
  /** Whether the next release that finds a sleeper hands over. */
  readonly handsOver?: boolean;
  /** Whether there are cores for all, so that they look a while before they sleep. */
  readonly spins?: boolean;
  /** How many wait without blocking: the last ones. */
  readonly asynchronous?: number;
  /** Whether they only try. */
  readonly tries?: boolean;
  readonly long?: boolean;
}

/** kernel/library/lock-word.ts: every so many releases that find sleepers, one hands over. */
const PASS_EVERY = 32;

const LOADS: readonly Load[] = [
  { processors: 2, turns: 3, deaths: 0 },
  { processors: 2, turns: 2, deaths: 0, handsOver: true },
  { processors: 2, turns: 3, deaths: 0, spins: true },
  { processors: 3, turns: 1, deaths: 0, spins: true },
  { processors: 2, turns: 2, deaths: 0, tries: true },
  { processors: 3, turns: 1, deaths: 0, handsOver: true, asynchronous: 1 },
  { processors: 3, turns: 1, deaths: 0, asynchronous: 2 },
  { processors: 2, turns: 2, deaths: 1, asynchronous: 1 },
  { processors: 3, turns: 1, deaths: 0 },
  { processors: 3, turns: 2, deaths: 0, long: true },
  { processors: 2, turns: 1, deaths: 1 },
  { processors: 2, turns: 2, deaths: 1 },
  { processors: 2, turns: 2, deaths: 2, handsOver: true },
  { processors: 2, turns: 2, deaths: 1, spins: true },
  { processors: 3, turns: 1, deaths: 1, spins: true, long: true },
  { processors: 3, turns: 1, deaths: 1 },
  { processors: 3, turns: 1, deaths: 1, handsOver: true, long: true },
  { processors: 3, turns: 1, deaths: 2, long: true },
];

export const MUTEX: readonly Protocol[] = LOADS.map(
  ({ processors, turns, deaths, handsOver = false, spins = false, asynchronous = 0, tries = false, long = false }) => ({
    protocol: "mutex",
    scenario: [
      `${processors} x ${turns}`,
      handsOver && "handed over",
      spins && "spinning",
      asynchronous > 0 && `${asynchronous} asynchronous`,
      tries && "only trying",
      deaths && `${deaths} dying`,
    ]
      .filter(Boolean)
      .join(", "),
    processors,
    entries: Array.from({ length: processors }, (_, p) =>
      tries ? "mutex_prove_try" : p >= processors - asynchronous ? "mutex_prove_asynchronously" : "mutex_prove_run",
    ),
    ...(tries && { invariant: { entry: "mutex_prove_unmarked" } }),
    init: { entry: "mutex_prove_init", arguments: [turns, handsOver ? PASS_EVERY - 1 : 0, Number(spins)] },
    final: { entry: "mutex_prove_end", arguments: [processors, deaths] },
    ...(deaths > 0 && { deaths: { entry: "prove_death", most: deaths } }),
    long,
  }),
);
