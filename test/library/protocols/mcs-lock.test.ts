import { describeProtocol } from "./describe-protocol.js";

describeProtocol("mcs-lock", [
  {
    bug: "an owner that leaves without waiting for its successor's link",
    from: "    while (read(I + next) == NIL) {\n      if (!isWhole(L) || isDying(L)) return;\n      pause();\n    }\n",
    to: "    if (read(I + next) == NIL) return;\n",
    scenario: "run, run, try x 1",
    found: "livelock",
  },
  {
    bug: "an owner that is out before it hands over",
    from: "  handOver(L, I);\n  write(I + state, OUT);",
    to: "  write(I + state, OUT);\n  handOver(L, I);",
    scenario: "run, run, run x 1, 1 dying",
    found: "race",
    manyStates: true,
  },
  {
    bug: "a queue that is emptied without a look at who is in",
    from: "    if (read(nodeOf(L, slot) + state) != OUT) return false;\n",
    to: "",
    scenario: "run, run, run x 1, 1 dying",
    found: "race",
  },
  {
    bug: "a queue that is left as it is when one of it dies",
    from: "  compare_and_swap(L + broken, WHOLE, BROKEN);\n",
    to: "",
    scenario: "run, run x 1, 2 dying",
    found: "final",
  },
  {
    bug: "a claim to empty the queue that outlives who made it",
    from: "  compare_and_swap(L + broken, dead, BROKEN);\n",
    to: "",
    scenario: "run, run x 1, 2 dying",
    found: "final",
  },
  {
    bug: "an owner of an MCS lock whose death nobody is told",
    from: "  if (owns(L, dead)) write(L + abandoned, 1);\n",
    to: "",
    scenario: "run, run x 1, 2 dying",
    found: "failure",
  },
  {
    // The release of the same paper for machines without compare_and_swap.
    bug: "a queue that is put back behind who came while it was away",
    from: "    if (compare_and_swap(L + tail, <u32>I, NIL)) return;\n    while (read(I + next) == NIL) {\n      if (!isWhole(L) || isDying(L)) return;\n      pause();\n    }\n",
    to: [
      "    const last = fetch_and_store(L + tail, NIL);",
      "    if (last == <u32>I) return;",
      "    const usurper = fetch_and_store(L + tail, last);",
      "    while (read(I + next) == NIL) pause();",
      "    if (usurper != NIL) {",
      "      write(usurper + next, read(I + next));",
      "      return;",
      "    }",
      "",
    ].join("\n"),
    scenario: "run, run, run x 2, in order",
    found: "order",
  },
]);
