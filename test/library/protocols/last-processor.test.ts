import { describeProtocol } from "./describe-protocol.js";
import { describeStarvation } from "./describe-starvation.js";

describeProtocol("last-processor", [
  {
    bug: "a task that it was not the last to execute",
    from: "if (isRemembered(keyOf(T), p, 1)) return T;",
    to: "if (isRemembered(keyOf(T), p, 8)) return T;",
    scenario: "one decision after the other",
    found: "failure",
  },
]);
describeStarvation("last-processor");
