import { describeProtocol } from "./describe-protocol.js";

describeProtocol("work-stealing", [
  {
    bug: "a task that waits where its last processor was",
    from: "if (last != 0 && isPresent(S, last - 1)) return last - 1;",
    to: "if (last != 0) return last - 1;",
    scenario: "one decision after the other",
    found: "livelock",
  },
  {
    bug: "a thief that declines what it was not the last to execute",
    from: "isCold(changetype<usize>(this), T, p, REMEMBERED)",
    to: "isCold(changetype<usize>(this), T, p, 1)",
    scenario: "one decision after the other, of those who decline",
    found: "failure",
  },
  {
    bug: "a base that is worth nothing",
    from: "return parameterOf(changetype<usize>(this));",
    to: "return 0;",
    scenario: "one decision after the other, of tasks with bases",
    found: "failure",
  },
  {
    bug: "a task that becomes no older",
    file: "processor-queues.ts",
    from: "return read(T + since) - read(T + base) * worth;",
    to: "return -(read(T + base) * worth);",
    scenario: "overtaken 1 times at most, by what has a higher base",
    found: "failure",
  },
]);
