import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "an arrival tree whose havechild is that of the MCS tree as printed",
    changes: [["i * 4 + j + 1 < processors", "i * 4 + j < processors"]],
    found: { kind: "livelock", processors: 1, turns: 1 },
  },
  {
    bug: "an arrival tree whose parents do not wait for their children",
    changes: [["  if (load<u32>(I + havechild)) awaitChildren(I + childnotready, I + havechild);\n", ""]],
    found: { kind: "failure", processors: 2, turns: 1 },
  },
];
