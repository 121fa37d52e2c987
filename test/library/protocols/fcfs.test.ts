import { describeProtocol } from "./describe-protocol.js";

describeProtocol("fcfs", [
  {
    bug: "one who declines what it was not the last to execute",
    from: "isCold(changetype<usize>(this), T, p, REMEMBERED)",
    to: "isCold(changetype<usize>(this), T, p, 1)",
    scenario: "one decision after the other, of those who decline",
    found: "failure",
  },
  {
    bug: "a task that is not the first",
    from: "return firstOf(centralQueue(changetype<usize>(this)));",
    to: "const first = firstOf(centralQueue(changetype<usize>(this)));\n    return load<u32>(first) == 0 ? first : load<u32>(first);",
    scenario: "overtaken by nobody",
    found: "failure",
  },
]);
