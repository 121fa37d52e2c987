import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "Anderson's lock whose sequence counter nobody guards",
    changes: [["  acquireCounter(L + counter_lock, load<u32>(I + backoff));\n", ""]],
    found: { kind: "race", processors: 2, turns: 1 },
  },
];
