import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a tournament whose champion does not wait",
    changes: [
      [
        "    if (mine != BYE) {\n      while (read(flag) != sense) pause();",
        "    if (mine != BYE) {\n      if (mine != CHAMPION) while (read(flag) != sense) pause();",
      ],
    ],
    found: { kind: "failure", processors: 2, turns: 1 },
  },
];
