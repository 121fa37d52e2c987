import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a lock that is taken whatever it held",
    changes: [
      ["while (read(L) != FREE || test_and_set(L)) pause();", "while (read(L) != FREE) pause();\n  test_and_set(L);"],
    ],
    found: { kind: "race", processors: 2, turns: 1 },
  },
];
