import { describeProtocol } from "./describe-protocol.js";

describeProtocol("clustered", [
  {
    bug: "a broadcast that takes the lengths for the history's, and does not look whether they still are",
    from: "    if (!isStill(C, lastVersion, old)) continue;\n",
    to: "",
    scenario: "one that broadcasts beside one that replaces the history",
    found: "failure",
  },
  {
    bug: "a history that is copied without its last update",
    from: "memory.copy(block + BLOCK_HEADER, old + BLOCK_HEADER, length);",
    to: "memory.copy(block + BLOCK_HEADER, old + BLOCK_HEADER, length - 8);",
    scenario: "1 reading beside 1 x 2",
    found: "failure",
  },
  {
    bug: "a snapshot whose bytes count as those of updates",
    from: "length - HISTORY_HEADER - inWords(snapshot) + record > most",
    to: "length - HISTORY_HEADER + record > most",
    scenario: "one operation after the other, one for 1",
    found: "failure",
  },
  {
    bug: "an update whose length is not written",
    from: "    store<u32>(block + BLOCK_HEADER + length, bytes);\n",
    to: "",
    scenario: "1 reading beside 1",
    found: "final",
  },
  {
    bug: "a broadcast that reads an object which another may have by then",
    from: "  const block = extended(C, bytes, most);\n  leaveObject();",
    to: "  leaveObject();\n  const block = extended(C, bytes, most);",
    scenario: "freed beside one that broadcasts",
    found: "trap",
  },
  {
    bug: "a broadcast that stays inside of the object",
    from: "  leaveObject();\n  return block;",
    to: "  return block;",
    scenario: "freed beside one that broadcasts",
    found: "final",
  },
  {
    file: "repair.ts",
    bug: "a repair that leaves the version as the dead worker has left it",
    from: "    case Kind.Replicated:\n    case Kind.ClusteredObject:\n",
    to: "    case Kind.Replicated:\n",
    scenario: "1 reading beside 1, 1 dying",
    found: "final",
  },
  {
    file: "free.ts",
    bug: "a burial that leaves the history",
    from: "    case Kind.Replicated:\n    case Kind.ClusteredObject:\n",
    to: "    case Kind.Replicated:\n",
    scenario: "freed beside one that broadcasts",
    found: "final",
  },
  {
    // A defect of K42: the mask of a cluster, shifted wrongly.
    bug: "clusters that begin a slot too early",
    from: "(me - 1) / each",
    to: "me / each",
    scenario: "gathered beside 2 x 2, one for 2",
    found: "final",
  },
  {
    // A defect of EbbRT: a representative that its root does not know.
    bug: "a representative that nobody gathers",
    from: "  write(line + made, 1);\n",
    to: "",
    scenario: "gathered beside 2 x 2, one for 1",
    found: "failure",
  },
  {
    bug: "an addition that is not atomic",
    from: "return <f64>atomic.add<i64>(word, <i64>value);",
    to: "const before = atomic.load<i64>(word);\n  atomic.store<i64>(word, before + <i64>value);\n  return <f64>before;",
    scenario: "gathered beside 2 x 2, one for all",
    found: "failure",
  },
  {
    bug: "lines of representatives that overlap by a word",
    from: "representative * load<u32>(C + lineBytes)",
    to: "representative * (load<u32>(C + lineBytes) - CACHE_LINE)",
    scenario: "one operation after the other, one for 1",
    found: "failure",
  },
]);
