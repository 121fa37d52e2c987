import type { Protocol } from "../protocol.js";

interface Load {
  readonly workers: number;
  /** Uses of the space of each. */
  readonly turns: number;
  readonly slots: number;
  /** Whether the guardian hears of those who ended in good order, too, late. */
  readonly late?: boolean;
  /** Whether they fall asleep. */
  readonly sleeps?: boolean;
  /** How many die at most. */
  readonly deaths: number;
  readonly long?: boolean;
}

const LOADS: readonly Load[] = [
  { workers: 2, turns: 1, slots: 2, deaths: 0, long: true },
  { workers: 2, turns: 2, slots: 2, deaths: 0, long: true },
  { workers: 2, turns: 2, slots: 1, deaths: 0 },
  { workers: 3, turns: 1, slots: 2, deaths: 0, long: true },
  { workers: 2, turns: 2, slots: 1, late: true, deaths: 0, long: true },
  { workers: 2, turns: 1, slots: 1, late: true, deaths: 1, long: true },
  { workers: 1, turns: 1, slots: 1, sleeps: true, deaths: 1 },
  { workers: 2, turns: 1, slots: 1, deaths: 1 },
  { workers: 2, turns: 1, slots: 2, deaths: 1, long: true },
  { workers: 2, turns: 1, slots: 2, sleeps: true, deaths: 1, long: true },
  { workers: 2, turns: 2, slots: 1, deaths: 1, long: true },
  { workers: 2, turns: 1, slots: 1, deaths: 2, long: true },
  { workers: 2, turns: 1, slots: 2, deaths: 2, long: true },
];

/** What workers do from their first step in a space to their last, and the guardian at any time after. */
const LIVES: readonly Protocol[] = LOADS.map(
  ({ workers, turns, slots, late = false, sleeps = false, deaths, long = false }) => ({
    protocol: "slots",
    scenario: [
      `${workers} x ${turns} in ${slots}`,
      late && "the guardian late",
      sleeps && "asleep for a moment",
      deaths > 0 && `${deaths} dying`,
    ]
      .filter(Boolean)
      .join(", "),
    processors: workers + Number(late),
    entries: [...Array.from({ length: workers }, () => "slots_prove_run"), ...(late ? ["slots_prove_hear"] : [])],
    init: { entry: "slots_prove_init", arguments: [slots, turns, Number(sleeps)] },
    final: { entry: "slots_prove_end" },
    ...(deaths > 0 && {
      deaths: { entry: "slots_prove_death", processors: Array.from({ length: workers }, (_, p) => p), most: deaths },
    }),
    long,
  }),
);

const ALONE: Protocol = {
  protocol: "slots",
  scenario: "one operation after the other",
  processors: 1,
  entries: "slots_prove_alone",
  init: { entry: "slots_prove_alone_init" },
};

export const SLOTS: readonly Protocol[] = [ALONE, ...LIVES];
