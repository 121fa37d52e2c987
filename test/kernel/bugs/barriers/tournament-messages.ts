import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a tournament whose losers do not wait to be woken",
    changes: [["    receive(i - half);\n", ""]],
    found: { kind: "failure", processors: 2, turns: 1 },
  },
];
