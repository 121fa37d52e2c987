import { describeProtocol } from "./describe-protocol.js";

describeProtocol("holdings", [
  {
    bug: "an entry that is taken off, and another with it",
    from: "  store<u64>(entryAt(my, index), load<u64>(entryAt(my, last)));\n",
    to: "",
    scenario: "what is listed, one operation after the other",
    found: "failure",
  },
  {
    bug: "an object that is freed while it is listed, and whose entry stays",
    from: "  if (!dropEntry(entryOf(object))) dropFreed(object);\n",
    to: "  dropEntry(entryOf(object));\n",
    scenario: "what is listed, one operation after the other",
    found: "failure",
  },
  {
    bug: "a list that makes room by forgetting what is held",
    from: "if (!isObject(<usize>(entry & 0xffffffff), <u32>(entry >> 32))) remove",
    to: "if (isObject(<usize>(entry & 0xffffffff), <u32>(entry >> 32))) remove",
    scenario: "a list of which some were freed",
    found: "failure",
  },
]);
