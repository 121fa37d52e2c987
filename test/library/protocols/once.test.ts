import { describeProtocol } from "./describe-protocol.js";

describeProtocol("once", [
  {
    bug: "a runner that fails and stays the runner",
    from: "done ? DONE : NOBODY",
    to: "done ? DONE : me",
    scenario: "3 call, 1 failing",
    found: "deadlock",
  },
  {
    bug: "a runner that is not held before it is one",
    from: "  hold(O);\n  if (compare_and_swap(O + runner, NOBODY, me)) return RUNS;",
    to: "  if (compare_and_swap(O + runner, NOBODY, me)) {\n    hold(O);\n    return RUNS;\n  }\n  hold(O);",
    scenario: "2 call, 2 dying",
    found: "deadlock",
  },
  {
    bug: "two that find nobody and both do it",
    from: "if (compare_and_swap(O + runner, NOBODY, me)) return RUNS;",
    to: "write(O + runner, me);\n  if (read(O + runner) == me) return RUNS;",
    scenario: "2 call",
    found: "race",
  },
]);
