import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a combining tree of twos that processors come to in fours",
    changes: [["attachTo(B, processor, FAN_IN)", "attachTo(B, processor, 2 * FAN_IN)"]],
    found: { kind: "livelock", processors: 3, turns: 1 },
  },
];
