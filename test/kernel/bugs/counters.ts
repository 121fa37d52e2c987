import type { PlantedBug } from "./planted-bug.js";

export const COUNTER_BUGS: readonly PlantedBug[] = [
  {
    bug: "a counter that adds in two steps",
    from: "shared",
    changes: [["atomic.add<i64>(I, amount);", "atomic.store<i64>(I, atomic.load<i64>(I) + amount);"]],
    found: { kind: "final", processors: 2, turns: 1 },
  },
  {
    bug: "counts that two processors share and add to in two steps",
    from: "array",
    changes: [
      ["C + counts + processor * 8", "C + counts + (processor / 2) * 8"],
      ["atomic.add<i64>(I, amount);", "atomic.store<i64>(I, atomic.load<i64>(I) + amount);"],
    ],
    found: { kind: "final", processors: 2, turns: 1 },
  },
  {
    bug: "a sum without the last processor's count",
    from: "padded-array",
    changes: [["i <= P", "i < P"]],
    found: { kind: "final", processors: 1, turns: 1 },
  },
  {
    bug: "a sloppy counter that publishes the same additions again",
    from: "sloppy",
    changes: [["    store<i64>(I + published, count);\n", ""]],
    found: { kind: "final", processors: 1, turns: 34 },
  },
];
