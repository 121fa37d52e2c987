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
]);
