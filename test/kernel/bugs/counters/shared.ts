import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a counter that adds in two steps",
    changes: [["atomic.add<i64>(I, amount);", "atomic.store<i64>(I, atomic.load<i64>(I) + amount);"]],
    found: { kind: "final", processors: 2, turns: 1 },
  },
];
