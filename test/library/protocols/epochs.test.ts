import { describeProtocol } from "./describe-protocol.js";

describeProtocol("epochs", [
  {
    bug: "a period that is over when each has gone on once",
    from: "< 2 && isPresent(its)",
    to: "< 1 && isPresent(its)",
    scenario: "destroyed beside an operation in another",
    found: "race",
  },
  {
    bug: "a processor that goes on while operations of the former generation are under way",
    from: "    if (load<u32>(R + active + ((now + 1) & 1) * 4) != 0) return false;\n",
    to: "",
    scenario: "destroyed beside an operation in another",
    found: "race",
  },
  {
    bug: "a period that waits for the dead",
    from: " < 2 && isPresent(its)",
    to: " < 2",
    scenario: "destroyed beside a use, the user dying",
    found: "livelock",
  },
  {
    bug: "an operation that ends in the present generation, and not in its own",
    file: "grace-period.ts",
    from: "  else epochs.end(R, begun);",
    to: "  else epochs.end(R, epochs.begin(R));",
    scenario: "operations that overlap",
    found: "failure",
  },
]);
