import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a tournament whose winners do not wait",
    changes: [
      ["(load<u32>(round + role) == WINNER) {\n      while (read(flag) != sense) pause();\n    }", "(false) {}"],
    ],
    found: { kind: "failure", processors: 3, turns: 1 },
  },
];
