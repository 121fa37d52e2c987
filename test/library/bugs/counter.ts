import type { PlantedBug } from "./planted-bug.js";

const planted = { protocol: "counter", found: "failure" } as const;

export const COUNTER_BUGS: readonly PlantedBug[] = [
  {
    ...planted,
    bug: "a count whose owner writes down what it is to be after it has begun to write it",
    file: "redo.ts",
    from: "  store<u32>(my + redo, entries);\n  repeat(my);",
    to: "  repeat(my);\n  store<u32>(my + redo, entries);",
    scenario: "2 x 2, 1 of 1, 1 dying, with heirs",
  },
  {
    ...planted,
    bug: "a repair that does not publish what the dead was publishing",
    file: "repair.ts",
    from: "  finish(R);\n",
    to: "",
    scenario: "2 x 3, 1 of 2, 1 dying, with heirs",
    found: "final",
  },
  {
    ...planted,
    bug: "an addition that is published before it is intended",
    file: "counter.ts",
    from: "  intend(0, line, half | (half << 32));\n",
    to: "  atomic.store<i64>(line, half | (half << 32));\n  intend(0, line, half | (half << 32));\n",
    scenario: "2 x 3, 1 of 2, 1 dying",
    found: "final",
  },
  {
    ...planted,
    bug: "a count that is moved: published, it begins anew",
    file: "counter.ts",
    from: "  intend(0, line, half | (half << 32));\n",
    to: "  intend(0, line, 0);\n",
    scenario: "3 x 2, 3 of 3",
  },
  {
    ...planted,
    bug: "a comparison that takes what is near for far",
    file: "counter.ts",
    from: "if (abs(difference) <= near)",
    to: "if (difference == 0)",
    scenario: "3 x 2, 1 of 2",
  },
  {
    ...planted,
    bug: "a sum without the first slot",
    file: "counter.ts",
    from: "for (let slot: u32 = 1, last = workers(); slot <= last; slot++) {",
    to: "for (let slot: u32 = 2, last = workers(); slot <= last; slot++) {",
    scenario: "an exact read is linearizable, of additions that synchronize",
    found: "history",
  },
  {
    ...planted,
    bug: "a comparison that takes for exact what several slots have not published",
    file: "counter.ts",
    from: "<i64>load<u32>(C + slack) * workers();",
    to: "<i64>load<u32>(C + slack);",
    scenario: "a comparison is exact while nothing is published",
  },
];
