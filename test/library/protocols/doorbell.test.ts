import { describeProtocol } from "./describe-protocol.js";

describeProtocol("doorbell", [
  {
    bug: "a wake that does not ring",
    file: "eventcount.ts",
    from: "      ring();\n    }\n    return;",
    to: "    }\n    return;",
    scenario: "from one sender of several messages",
    found: "deadlock",
  },
  {
    bug: "a ring that wakes, and leaves the number as it is",
    from: "  fetch_and_increment(DOORBELL);\n",
    to: "",
    scenario: "from one sender of several messages",
    found: "deadlock",
  },
  {
    bug: "a ring that wakes one of those who sleep",
    from: "  atomic.notify(DOORBELL, -1);\n",
    to: "  atomic.notify(DOORBELL, 1);\n",
    scenario: "two asleep, one rings",
    found: "deadlock",
  },
  {
    bug: "a worker that reads the number when it has looked at all",
    from: "  return waitAt(DOORBELL, sequence);",
    to: "  return waitAt(DOORBELL, heard());",
    scenario: "to one receiver",
    found: "deadlock",
  },
  {
    bug: "a repair that does not ring",
    file: "eventcount.ts",
    from: "  ring();\n}",
    to: "}",
    scenario: "from one sender, dying",
    found: "deadlock",
  },
]);
