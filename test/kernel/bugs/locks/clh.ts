import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a CLH release that keeps its own node",
    changes: [["  store<u32>(I + node, load<u32>(I + predecessor));\n", ""]],
    found: { kind: "livelock", processors: 1, turns: 2 },
  },
];
