import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a dissemination barrier that listens to whom it told",
    changes: [["receive((i + P - distance) % P);", "receive((i + distance) % P);"]],
    found: { kind: "deadlock", processors: 3, turns: 1 },
  },
];
