import { describeProtocol } from "./describe-protocol.js";

describeProtocol("eventcount", [
  {
    bug: "a wake that wakes one of those who wait without blocking",
    from: "      fetch_and_increment(E + asynchronous);\n      atomic.notify(E + asynchronous, -1);",
    to: "      fetch_and_increment(E + asynchronous);\n      atomic.notify(E + asynchronous, 1);",
    scenario: "0 blocked and 2 not, for 1 x 2, waking all",
    found: "deadlock",
  },
  {
    bug: "a wake of one sleeper after which nobody knows of the others",
    from: "const kept = most == 1 ? word & SLEEPERS : 0;",
    to: "const kept: u32 = 0;",
    scenario: "2 blocked and 0 not, for 1 x 2",
    found: "deadlock",
  },
  {
    bug: "an announcement that does not read where to sleep before it is seen",
    from: "? waitAt(E + asynchronous, sequence) :",
    to: "? waitAt(E + asynchronous, read(E + asynchronous)) :",
    scenario: "0 blocked and 2 not, for 1 x 2",
    found: "deadlock",
  },
  {
    bug: "a wake that finds nobody, and wakes one of those who have gone to sleep since",
    from: "ONE)) atomic.notify(E, -1);",
    to: "ONE)) atomic.notify(E, 1);",
    scenario: "2 blocked and 0 not, for 1 x 2, waking all, 1 for nothing first",
    found: "deadlock",
  },
  {
    bug: "a repair that wakes one of those who sleep",
    from: "  atomic.add<u32>(E, ONE);\n  atomic.notify(E, -1);",
    to: "  atomic.add<u32>(E, ONE);\n  atomic.notify(E, 1);",
    scenario: "2 blocked and 0 not, for 1 x 2, waking all by repair",
    found: "deadlock",
  },
  {
    bug: "a repair that does not wake those who wait without blocking",
    from: "  fetch_and_increment(E + asynchronous);\n  atomic.notify(E + asynchronous, -1);\n  ring();\n}",
    to: "  ring();\n}",
    scenario: "0 blocked and 1 not, for 2 x 1, one of 1 dying",
    found: "deadlock",
  },
]);
