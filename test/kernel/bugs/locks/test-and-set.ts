import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a lock that does nothing",
    changes: [["while (test_and_set(L)) pause();", ""]],
    found: { kind: "race", processors: 2, turns: 1 },
  },
  {
    bug: "a lock that looks and takes in two steps",
    changes: [["while (test_and_set(L)) pause();", "while (atomic.load<u32>(L)) pause();\n  write(L, 1);"]],
    found: { kind: "race", processors: 2, turns: 1 },
  },
  {
    bug: "a lock that spins without a pause",
    changes: [["while (test_and_set(L)) pause();", "while (test_and_set(L)) {}"]],
    found: { kind: "pause", processors: 2, turns: 1 },
  },
];
