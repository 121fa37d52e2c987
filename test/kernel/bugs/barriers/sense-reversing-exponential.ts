import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a sense-reversing barrier that looks no more after its longest delay",
    changes: [["!= local_sense; delay =", "!= local_sense && delay < longest; delay ="]],
    found: { kind: "failure", processors: 2, turns: 1 },
  },
];
