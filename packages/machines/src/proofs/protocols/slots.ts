import type { Long, Protocol } from "../protocol.js";

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
  readonly long?: Long;
}

const LOADS: readonly Load[] = [
  { workers: 2, turns: 1, slots: 2, deaths: 0, long: "prove" },
  { workers: 2, turns: 2, slots: 2, deaths: 0, long: "prove" },
  { workers: 2, turns: 2, slots: 1, deaths: 0 },
  { workers: 3, turns: 1, slots: 2, deaths: 0, long: "prove" },
  { workers: 2, turns: 2, slots: 1, late: true, deaths: 0, long: "prove" },
  { workers: 2, turns: 1, slots: 1, late: true, deaths: 1, long: "prove" },
  { workers: 1, turns: 1, slots: 1, sleeps: true, deaths: 1 },
  { workers: 2, turns: 1, slots: 1, deaths: 1, long: "sc" },
  { workers: 2, turns: 1, slots: 2, deaths: 1, long: "prove" },
  { workers: 2, turns: 1, slots: 2, sleeps: true, deaths: 1, long: "prove" },
  { workers: 2, turns: 2, slots: 1, deaths: 1, long: "prove" },
  { workers: 2, turns: 1, slots: 1, deaths: 2, long: "prove" },
  { workers: 2, turns: 1, slots: 2, deaths: 2, long: "prove" },
];

/** What workers do from their first step in a space to their last, and the guardian at any time after. */
const LIVES: readonly Protocol[] = LOADS.map(
  ({ workers, turns, slots, late = false, sleeps = false, deaths, long }) => ({
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

const MADE = { entry: "create_space", arguments: [14, 0, 0x1234, 0x5678] };
const BOTH = { entry: "slots_prove_init_both" };

/** Functions that programs outside of the kernel call, as they are exported: executed, and what is found then. */
const EXPORTED: readonly (readonly [scenario: string, Pick<Protocol, "init" | "entries" | "arguments" | "final">])[] = [
  ["a space made", { init: MADE, entries: "slots_prove_made", final: { entry: "is_space" } }],
  ["a space made again", { init: MADE, entries: "workers", final: MADE }],
  ["a page missing", { init: { entry: "slots_prove_init_short" }, entries: "slots_prove_made" }],
  [
    "no room for a space",
    {
      init: { entry: "is_space" },
      entries: MADE.entry,
      arguments: MADE.arguments,
      final: { entry: "slots_prove_not_made" },
    },
  ],
  ["its identity", { init: MADE, entries: "workers", final: { entry: "identity", arguments: [1] } }],
  ["incarnations counted", { init: MADE, entries: "next_incarnation", final: { entry: "slots_prove_counted" } }],
  ...[0, 1].map(
    (competes) =>
      [
        `a slot taken, ${competes} competing`,
        {
          init: { entry: "slots_prove_init_first" },
          entries: "attach",
          arguments: [1, competes],
          final: { entry: "slots_prove_attached", arguments: [competes] },
        },
      ] as const,
  ),
  [
    "a slot taken, live",
    { init: MADE, entries: "attach", arguments: [1, 1], final: { entry: "is_live", arguments: [1] } },
  ],
  [
    "the only slot found",
    { init: { entry: "slots_prove_init_handed" }, entries: "workers", final: { entry: "slot_of", arguments: [1] } },
  ],
  ["a slot found", { init: BOTH, entries: "workers", final: { entry: "slot_of", arguments: [2] } }],
  ["a slot slept in", { init: BOTH, entries: "workers", final: { entry: "sleeps_at", arguments: [2] } }],
  [
    "a slot watched",
    { init: BOTH, entries: "set_watchable", arguments: [2], final: { entry: "slots_prove_watchable" } },
  ],
  [
    "a slot seen to be watched",
    { init: BOTH, entries: "slots_prove_watch", final: { entry: "is_watchable", arguments: [2] } },
  ],
];

const HANDED: Protocol = {
  protocol: "slots",
  scenario: "given back and taken at once",
  processors: 2,
  entries: "slots_prove_hand",
  init: { entry: "slots_prove_init_handed" },
  final: { entry: "slots_prove_handed" },
};

export const SLOTS: readonly Protocol[] = [
  ALONE,
  HANDED,
  ...EXPORTED.map(([scenario, claim]) => ({ protocol: "slots", scenario, processors: 1, ...claim })),
  ...LIVES,
];
