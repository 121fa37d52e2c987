import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a clustered counter that takes an addition for a lookup",
    changes: [["  counter.add(I, amount);\n", "  counter.add(I, 0);\n"]],
    found: { kind: "final", processors: 1, turns: 1 },
  },
];
