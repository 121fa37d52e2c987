import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "an MCS tree barrier whose havechild is as printed",
    changes: [["i * 4 + j + 1 < processors", "i * 4 + j < processors"]],
    found: { kind: "livelock", processors: 1, turns: 1 },
  },
  {
    bug: "an MCS tree barrier whose arrivals are not set up again",
    changes: [["store<u32>(childnotready, load<u32>(havechild));", ""]],
    found: { kind: "failure", processors: 2, turns: 2 },
  },
];
