import type { Protocol } from "../protocol.js";

interface Alone {
  readonly scenario: string;
  readonly does: string;
  /** Processors, tasks, keys, and the bound of procrastination. */
  readonly init: readonly [number, number, number, number];
}

const ALONE: readonly Alone[] = [
  { scenario: "every list of last processors", does: "last", init: [12, 1, 1, 0] },
  { scenario: "one task after the other", does: "alone", init: [4, 4, 2, 0] },
  { scenario: "one choice after the other", does: "choice", init: [4, 5, 5, 0] },
  { scenario: "every list, and one forgets", does: "forgotten", init: [12, 2, 2, 0] },
  { scenario: "tasks without a key, and what is warm", does: "without_key", init: [4, 3, 2, 0] },
];

const TOGETHER: Protocol = {
  protocol: "affinity",
  scenario: "two tasks of one key end at once",
  processors: 2,
  entries: "affinity_prove_together",
  init: { entry: "affinity_prove_init", arguments: [2, 2, 1, 0] },
  final: { entry: "affinity_prove_together_end" },
};

const FORGETS: Protocol = {
  protocol: "affinity",
  scenario: "one forgets, and a task of the key ends at once",
  processors: 2,
  entries: ["affinity_prove_forget", "affinity_prove_end_beside"],
  init: { entry: "affinity_prove_forget_init", arguments: [] },
  final: { entry: "affinity_prove_forget_end" },
};

export const AFFINITY: readonly Protocol[] = [
  ...ALONE.map(({ scenario, does, init }) => ({
    protocol: "affinity",
    scenario,
    processors: 1,
    entries: `affinity_prove_${does}`,
    init: { entry: "affinity_prove_init", arguments: init },
  })),
  TOGETHER,
  FORGETS,
];
