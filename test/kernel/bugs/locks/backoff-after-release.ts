import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a backoff after release that takes what another took",
    changes: [["    if (!test_and_set(L)) return;\n    doubleBackoff(I);\n", "    test_and_set(L);\n    return;\n"]],
    found: { kind: "race", processors: 3, turns: 1 },
  },
];
