import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a static delay between references that is waited once",
    changes: [["while (read(L) != FREE || test_and_set(L)) work", "if (read(L) != FREE || test_and_set(L)) work"]],
    found: { kind: "race", processors: 2, turns: 1 },
  },
];
