import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a sense-reversing barrier that resets the count after the sense flips",
    changes: [
      ["  store<u32>(B + count, read(B + processorsOf));\n", ""],
      [
        "  write(B + sense, local_sense);\n",
        "  write(B + sense, local_sense);\n  write(B + count, read(B + processorsOf));\n",
      ],
    ],
    found: { kind: "livelock", processors: 2, turns: 2 },
  },
];
