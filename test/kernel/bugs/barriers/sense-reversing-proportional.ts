import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a sense-reversing barrier that takes its estimate for the arrival",
    changes: [["    do work(missing * load<u32>(I + slotOf));\n    while (read(B + sense) != local_sense);\n", ""]],
    found: { kind: "failure", processors: 2, turns: 1 },
  },
];
