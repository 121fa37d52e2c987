import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a backoff that does not try again",
    changes: [
      ["for (let delay = load<u32>(I); test_and_set(L); delay += load<u32>(I)) work(delay);", "test_and_set(L);"],
    ],
    found: { kind: "race", processors: 2, turns: 1 },
  },
];
