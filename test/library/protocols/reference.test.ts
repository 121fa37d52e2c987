import { describeProtocol } from "./describe-protocol.js";

describeProtocol("reference", [
  {
    bug: "a generation whose references look like a slot that is reserved",
    from: "(32 - GENERATION)) - 2;",
    to: "(32 - GENERATION)) - 1;",
    scenario: "there and back",
    found: "failure",
  },
]);
