import { describeProtocol } from "./describe-protocol.js";

describeProtocol("fixed-processor", [
  {
    bug: "a task whose processor is not there, and that waits for it",
    file: "scheduler.ts",
    from: "return p == NOBODY ? home : p;",
    to: "return home;",
    scenario: "one decision after the other",
    found: "livelock",
  },
  {
    bug: "a base that is worth one unit of time",
    from: "return parameterOf(changetype<usize>(this));",
    to: "return min(parameterOf(changetype<usize>(this)), 1);",
    scenario: "one decision after the other, of tasks with bases",
    found: "failure",
  },
]);
