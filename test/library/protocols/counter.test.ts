import { describeProtocol } from "./describe-protocol.js";

describeProtocol("counter", [
  {
    bug: "a count whose owner writes down what it is to be after it has begun to write it",
    file: "redo.ts",
    from: "  store<u32>(my + redo, entries);\n  repeat(my);",
    to: "  repeat(my);\n  store<u32>(my + redo, entries);",
    scenario: "2 x 2, 1 of 1, 1 dying, with heirs",
    found: "failure",
  },
  {
    bug: "a repair that does not publish what the dead was publishing",
    file: "repair.ts",
    from: "  finish(R);\n",
    to: "",
    scenario: "2 x 3, 1 of 2, 1 dying, with heirs",
    found: "final",
  },
  {
    bug: "an addition that is published before it is intended",
    from: "  intend(0, line, half | (half << 32));\n",
    to: "  atomic.store<i64>(line, half | (half << 32));\n  intend(0, line, half | (half << 32));\n",
    scenario: "2 x 3, 1 of 2, 1 dying",
    found: "final",
  },
  {
    bug: "a count that is moved: published, it begins anew",
    from: "  intend(0, line, half | (half << 32));\n",
    to: "  intend(0, line, 0);\n",
    scenario: "3 x 2, 3 of 3",
    found: "failure",
  },
  {
    bug: "a comparison that takes what is near for far",
    from: "if (abs(difference) <= near)",
    to: "if (difference == 0)",
    scenario: "3 x 2, 1 of 2",
    found: "failure",
  },
  {
    bug: "a sum without the first slot",
    from: "for (let slot: u32 = 1, last = workers(); slot <= last; slot++) {",
    to: "for (let slot: u32 = 2, last = workers(); slot <= last; slot++) {",
    scenario: "an exact read is linearizable, of additions that synchronize",
    found: "history",
  },
  {
    bug: "a comparison that takes for exact what several slots have not published",
    from: "<i64>load<u32>(C + slack) * workers();",
    to: "<i64>load<u32>(C + slack);",
    scenario: "a comparison is exact while nothing is published",
    found: "failure",
  },
]);
