import type { Protocol } from "../protocol.js";

interface Load {
  readonly frees: number;
  readonly uses: number;
  /** How many die at most. */
  readonly deaths: number;
}

const LOADS: readonly Load[] = [
  { frees: 1, uses: 1, deaths: 0 },
  { frees: 2, uses: 0, deaths: 0 },
  { frees: 1, uses: 1, deaths: 1 },
  { frees: 2, uses: 1, deaths: 0 },
  { frees: 1, uses: 2, deaths: 0 },
];

const ALONE: readonly Protocol[] = [
  ["one operation after the other", "existence_prove_alone"],
  ["an object with pages of its own, one operation after the other", "existence_prove_pages"],
  ["an object of each kind freed, for which one waits", "existence_prove_free"],
].map(([scenario, entry]) => ({
  protocol: "existence",
  scenario: scenario!,
  processors: 1,
  entries: entry!,
  init: { entry: "existence_prove_alone_init" },
}));

export const EXISTENCE: readonly Protocol[] = [
  ...ALONE,
  ...LOADS.map(
    ({ frees, uses, deaths }): Protocol => ({
      protocol: "existence",
      scenario: [`${frees} freeing`, uses > 0 && `${uses} inside`, deaths > 0 && "one dying"]
        .filter(Boolean)
        .join(", "),
      processors: frees + uses,
      entries: "existence_prove_run",
      init: { entry: "existence_prove_init", arguments: [frees] },
      final: { entry: "existence_prove_end", arguments: [deaths] },
      ...(deaths > 0 && { deaths: { entry: "prove_death", most: deaths } }),
    }),
  ),
  {
    protocol: "existence",
    scenario: "freed while it is held, the holder dying",
    processors: 2,
    entries: "held_prove_run",
    init: { entry: "held_prove_init" },
    final: { entry: "held_prove_end" },
    deaths: { entry: "prove_death", processors: [0] },
  },
  ...[
    { entry: "left", scenario: "freed while it is left, and made anew" },
    { entry: "pages_left", scenario: "pages of their own freed, and taken for another" },
  ].map(
    ({ entry, scenario }): Protocol => ({
      protocol: "existence",
      scenario,
      processors: 2,
      entries: `${entry}_prove_run`,
      init: { entry: `${entry}_prove_init` },
      final: { entry: `${entry}_prove_end` },
    }),
  ),
  ...[1, 2].map(
    (waiters): Protocol => ({
      protocol: "existence",
      scenario: `freed while ${waiters} wait`,
      processors: 1 + waiters,
      entries: "waiting_prove_run",
      init: { entry: "waiting_prove_init" },
      final: { entry: "waiting_prove_end" },
    }),
  ),
];
