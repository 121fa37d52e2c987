import { describeProtocol } from "./describe-protocol.js";
import { describeStarvation } from "./describe-starvation.js";

describeProtocol("priority", [
  {
    bug: "the youngest of tasks that are equal",
    from: "if (value <= most) continue;",
    to: "if (value < most) continue;",
    scenario: "one decision after the other",
    found: "failure",
  },
  {
    bug: "a task that does not age",
    from: "return <i64>(<i32>read(T + base)) + age +",
    to: "return <i64>(<i32>read(T + base)) +",
    scenario: "one decision after the other, with ageing",
    found: "failure",
  },
  {
    bug: "a priority below 0 that is above all others",
    from: "return <i64>(<i32>read(T + base)) + age +",
    to: "return <i64>read(T + base) + age +",
    scenario: "one decision after the other, with ageing",
    found: "failure",
  },
]);
describeStarvation("priority");
