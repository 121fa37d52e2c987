import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a static delay after release that is thought to keep others away",
    changes: [["while (read(L) != FREE || test_and_set(L)) {", "if (read(L) != FREE || test_and_set(L)) {"]],
    found: { kind: "race", processors: 3, turns: 1 },
  },
];
