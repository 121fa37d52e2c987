import { describeProtocol } from "./describe-protocol.js";
import { describeStarvation } from "./describe-starvation.js";

describeProtocol("balance-set", [
  {
    bug: "a task that does not fit beside those that run",
    from: "if (ofRunning + demandOf(T) <= capacity) return T;",
    to: "if (demandOf(T) <= capacity) return T;",
    scenario: "one decision after the other",
    found: "failure",
  },
  {
    bug: "a hungry task that waits for ever",
    from: "if (limit != 0 && now - read(first + since) >= limit) return first;\n",
    to: "",
    scenario: "one decision after the other, of those who decline",
    found: "failure",
  },
]);
describeStarvation("balance-set");
