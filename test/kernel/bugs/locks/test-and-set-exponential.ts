import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a backoff that ends with the longest delay",
    changes: [["I + first); test_and_set(L);", "I + first); test_and_set(L) && delay < load<u32>(I + limit);"]],
    found: { kind: "race", processors: 2, turns: 1 },
  },
];
