import { describeProtocol } from "./describe-protocol.js";

describeProtocol("translation", [
  {
    bug: "an entry that is made though somebody has dropped it",
    from: "  return compare_and_swap(slot, reservedFor(reference), reference);",
    to: "  write(slot, reference);\n  return true;",
    scenario: "dropped, and found again",
    found: "failure",
  },
  {
    bug: "a representative that its root does not know, as EbbRT's",
    file: "root.ts",
    from: "    write(word, <u32>made);\n",
    to: "    write(word, 0);\n",
    scenario: "dropped, and found again",
    found: "failure",
  },
]);
