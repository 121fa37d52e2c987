import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a combining tree whose nodes all expect four",
    changes: [["min(fanIn, below - i * fanIn)", "fanIn"]],
    found: { kind: "livelock", processors: 1, turns: 1 },
  },
];
