import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a ticket lock that lets the next in line go in",
    changes: [["if (ahead == 0) return;", "if (ahead <= 1) return;"]],
    found: { kind: "race", processors: 2, turns: 1 },
  },
];
