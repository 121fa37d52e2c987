import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a sloppy counter that publishes the same additions again",
    changes: [["    store<i64>(I + published, count);\n", ""]],
    found: { kind: "final", processors: 1, turns: 34 },
  },
];
