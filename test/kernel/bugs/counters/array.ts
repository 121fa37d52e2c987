import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "counts that two processors share and add to in two steps",
    changes: [
      ["C + counts + processor * 8", "C + counts + (processor / 2) * 8"],
      ["atomic.add<i64>(I, amount);", "atomic.store<i64>(I, atomic.load<i64>(I) + amount);"],
    ],
    found: { kind: "final", processors: 2, turns: 1 },
  },
];
