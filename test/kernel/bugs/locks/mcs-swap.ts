import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "an MCS release without compare_and_swap that forgets the usurper",
    changes: [["if (usurper != NIL) {", "if (false) {"]],
    found: { kind: "race", processors: 3, turns: 1 },
  },
];
