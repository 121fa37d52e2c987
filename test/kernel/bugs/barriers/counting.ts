import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a counting barrier without the second wait",
    changes: [["while (read(B + arrived) == P) pause();", ""]],
    found: { kind: "livelock", processors: 2, turns: 2 },
  },
];
