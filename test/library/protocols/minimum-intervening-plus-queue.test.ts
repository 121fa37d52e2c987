import { describeProtocol } from "./describe-protocol.js";

describeProtocol("minimum-intervening-plus-queue", [
  {
    bug: "a task that runs, and does not count",
    from: " + lengthOf(queueOf(S, p)) + runs;",
    to: " + lengthOf(queueOf(S, p));",
    scenario: "one decision after the other",
    found: "failure",
  },
  {
    bug: "a task that is put where nobody is",
    from: "const cost = isPresent(S, p) ? costOf(S, T, p) : u32.MAX_VALUE;",
    to: "const cost = costOf(S, T, p);",
    scenario: "one decision after the other",
    found: "livelock",
  },
  {
    bug: "a base that is worth as much as intervening tasks",
    from: "  @inline worthOfBase(): u32 {\n    return 0;",
    to: "  @inline worthOfBase(): u32 {\n    return parameterOf(changetype<usize>(this));",
    scenario: "one decision after the other, of tasks with bases",
    found: "failure",
  },
]);
