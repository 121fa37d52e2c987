import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a counter that is reset after the wakeup",
    changes: [
      ["    store<u32>(B + count, read(B + processorsOf));\n", ""],
      [
        "    write(read(B + root), mysense);\n",
        "    write(read(B + root), mysense);\n    store<u32>(B + count, read(B + processorsOf));\n",
      ],
    ],
    found: { kind: "race", processors: 2, turns: 2 },
  },
];
