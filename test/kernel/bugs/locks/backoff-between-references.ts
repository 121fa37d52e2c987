import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a backoff between references that looks at the end of its delay only",
    changes: [
      [
        "    if (read(L) != FREE) continue;\n    if (!test_and_set(L)) return;\n    doubleBackoff(I);\n",
        "    doubleBackoff(I);\n    if (read(L) == FREE) return;\n",
      ],
    ],
    found: { kind: "race", processors: 3, turns: 1 },
  },
];
