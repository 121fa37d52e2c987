import { describeProtocol } from "./describe-protocol.js";
import { describeStarvation } from "./describe-starvation.js";

describeProtocol("minimum-intervening", [
  {
    bug: "a processor that is forgotten",
    from: "return fewestIntervening(changetype<usize>(this), p, ALL);",
    to: "return fewestIntervening(changetype<usize>(this), p, REMEMBERED);",
    scenario: "one decision after the other, of more or fewer processors",
    found: "failure",
  },
]);
describeStarvation("minimum-intervening");
