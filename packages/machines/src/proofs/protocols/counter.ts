import type { Long, Protocol } from "../protocol.js";

interface Load {
  /** The last one reads, the others add. */
  readonly processors: number;
  /** Additions of each. */
  readonly turns: number;
  readonly amount: number;
  readonly batch: number;
  /** How many die at most. */
  readonly deaths: number;
  /** Whether the next worker of a dead one's slot adds once more. */
  readonly heirs?: boolean;
  readonly long?: Long;
}

/** An addition's store may be seen at once or, under total store order, when the adder next does something atomic. */
const COUNTER_CLAIM = { protocol: "counter", races: false } as const;

const LOADS: readonly Load[] = [
  { processors: 3, turns: 2, amount: 1, batch: 2, deaths: 0 },
  { processors: 3, turns: 2, amount: 3, batch: 3, deaths: 0 },
  { processors: 3, turns: 1, amount: 2 ** 30 + 1, batch: 2, deaths: 1 },
  { processors: 2, turns: 2, amount: 1, batch: 1, deaths: 1, heirs: true },
  { processors: 2, turns: 3, amount: 1, batch: 2, deaths: 1, heirs: true },
  { processors: 2, turns: 3, amount: 1, batch: 2, deaths: 1 },
  { processors: 3, turns: 1, amount: 2, batch: 2, deaths: 1, heirs: true, long: "sc" },
  { processors: 3, turns: 1, amount: 2, batch: 2, deaths: 2, long: "sc" },
];

export const COUNTER: readonly Protocol[] = [
  ...LOADS.map(({ processors, turns, amount, batch, deaths, heirs = false, long }) => ({
    ...COUNTER_CLAIM,
    scenario: [
      `${processors} x ${turns}`,
      `${amount.toLocaleString("en")} of ${batch}`,
      deaths && `${deaths} dying`,
      heirs && "with heirs",
    ]
      .filter(Boolean)
      .join(", "),
    processors,
    entries: "counter_prove_run",
    init: { entry: "counter_prove_init", arguments: [turns, amount, batch] },
    final: { entry: "counter_prove_end", arguments: [processors - 1] },
    ...(deaths > 0 && { deaths: { entry: heirs ? "counter_prove_death" : "prove_death", most: deaths } }),
    long,
  })),
  ...[0, 2 ** 30, -(2 ** 30)].map((amount) => ({
    ...COUNTER_CLAIM,
    scenario: `read while ${amount.toLocaleString("en")} is added three times`,
    processors: 2,
    entries: "counter_prove_far",
    init: { entry: "counter_prove_init", arguments: [3, amount, 1] },
  })),
  ...[4, 20].map((slots) => ({
    ...COUNTER_CLAIM,
    scenario: `one operation after the other, in a space of ${slots}`,
    processors: 1,
    entries: "counter_prove_alone",
    init: { entry: "counter_prove_alone_init", arguments: [4, slots] },
  })),
  {
    ...COUNTER_CLAIM,
    scenario: "a comparison is exact while nothing is published",
    processors: 1,
    entries: "counter_prove_compare",
    init: { entry: "counter_prove_init", arguments: [1, 1, 1] },
  },
  {
    ...COUNTER_CLAIM,
    scenario: "an exact read is linearizable, of additions that synchronize",
    processors: 3,
    entries: "counter_prove_units",
    init: { entry: "counter_prove_init", arguments: [2, 1, 1] },
    specification: "counter_specification",
    long: "sc",
  },
];
