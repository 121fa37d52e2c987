import type { PlantedBug } from "../planted-bug.js";

export const bugs: readonly PlantedBug[] = [
  {
    bug: "Anderson's lock with P slots, as printed, when next_slot wraps",
    changes: [
      ["1 << ceilLog2(processors)", "processors"],
      ["write(L + mask, slots - 1);", "write(L + mask, slots);"],
      [
        "fetch_and_increment(L + next_slot) & load<u32>(I + mask)",
        "fetch_and_increment(L + next_slot) % load<u32>(I + mask)",
      ],
      ["(load<u32>(I + my_place) + 1) & load<u32>(I + mask)", "(load<u32>(I + my_place) + 1) % load<u32>(I + mask)"],
    ],
    found: { kind: "race", processors: 3, turns: 2 },
  },
];
