import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "an MCS release that does not wait for its successor's link",
    changes: [["    while (read(I + next) == NIL) pause();\n", ""]],
    found: { kind: "livelock", processors: 2, turns: 1 },
  },
  {
    bug: "an MCS acquire that says that it waits after it linked",
    changes: [["write(predecessor + next, <u32>I);", "write(predecessor + next, <u32>I);\n    write(I + locked, 1);"]],
    found: { kind: "livelock", processors: 2, turns: 1 },
  },
];
