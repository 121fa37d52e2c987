import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "a dissemination barrier with one set of flags",
    changes: [
      ["  store<u32>(I + parity, myparity ^ 1);\n", ""],
      ["if (myparity == 1) store", "store"],
    ],
    found: { kind: "livelock", processors: 2, turns: 2 },
  },
  {
    bug: "a dissemination barrier whose sense alternates in every episode",
    changes: [["if (myparity == 1) store", "store"]],
    found: { kind: "failure", processors: 2, turns: 2 },
  },
];
