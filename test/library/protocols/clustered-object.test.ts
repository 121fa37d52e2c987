import { describeProtocol } from "./describe-protocol.js";

describeProtocol("clustered-object", [
  {
    bug: "a place that two take",
    file: "miss-handling.ts",
    from: "What.Free && change(E, now, stateOf(generationIn(now), nameOf(R), What.Making))) {\n",
    to: "What.Free) {\n      write(E + stateIn, stateOf(generationIn(now), nameOf(R), What.Making));\n",
    scenario: "a partition that changes hands, beside a miss there",
    found: "failure",
  },
  {
    bug: "a place that nobody gives back whose taker has died",
    file: "destruction.ts",
    from: "    giveBack(E, was);\n",
    to: "",
    scenario: "the same, the former one dying",
    found: "final",
  },
  {
    bug: "two that make a representative of one cluster",
    file: "root.ts",
    from: "    if (!compare_and_swap(word, found, mine)) continue;\n",
    to: "",
    scenario: "two miss at once, one representative",
    found: "final",
  },
  {
    bug: "one that waits for a maker that has died",
    file: "root.ts",
    from: "if (found != 0 && isMaking(R, found)) {",
    to: "if (found != 0) {",
    scenario: "two miss at once, one representative, one dying",
    found: "livelock",
  },
  {
    bug: "a representative that is shown before it is made",
    file: "root.ts",
    from: "    makeRepresentative(kindOf(parts), made, root);\n    write(word, <u32>made);\n",
    to: "    write(word, <u32>made);\n    makeRepresentative(kindOf(parts), made, root);\n",
    scenario: "two miss at once, one representative",
    found: "race",
  },
]);
