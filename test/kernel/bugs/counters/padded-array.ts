import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a sum without the last processor's count",
    changes: [["i <= P", "i < P"]],
    found: { kind: "final", processors: 1, turns: 1 },
  },
];
