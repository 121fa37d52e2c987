import { describeProtocol } from "./describe-protocol.js";
import { describeStarvation } from "./describe-starvation.js";

describeProtocol("limited-minimum-intervening", [
  {
    bug: "a task that remembers more processors than it is to",
    from: "return fewestIntervening(changetype<usize>(this), p, parameterOf(changetype<usize>(this)));",
    to: "return fewestIntervening(changetype<usize>(this), p, 8);",
    scenario: "one decision after the other",
    found: "failure",
  },
]);
describeStarvation("limited-minimum-intervening");
