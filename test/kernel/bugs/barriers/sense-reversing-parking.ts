import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a parking barrier that wakes only one",
    changes: [["atomic.notify(B + sense, -1);", "atomic.notify(B + sense, 1);"]],
    found: { kind: "deadlock", processors: 3, turns: 1 },
  },
  {
    bug: "a parking barrier that looks for sleepers before it flips",
    changes: [
      ["    if (read(B + sleepers) > 0) atomic.notify(B + sense, -1);\n", ""],
      [
        "    flipSense(B, local_sense);\n",
        "    if (read(B + sleepers) > 0) atomic.notify(B + sense, -1);\n    flipSense(B, local_sense);\n",
      ],
    ],
    found: { kind: "deadlock", processors: 2, turns: 1 },
  },
  {
    bug: "a parking barrier whose waiters count themselves when they have slept",
    changes: [
      ["    fetch_and_increment(B + sleepers);\n", ""],
      [
        "    fetch_and_decrement(B + sleepers);\n",
        "    fetch_and_increment(B + sleepers);\n    fetch_and_decrement(B + sleepers);\n",
      ],
    ],
    found: { kind: "deadlock", processors: 2, turns: 1 },
  },
];
