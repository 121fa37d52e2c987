import { describeProtocol } from "./describe-protocol.js";

describeProtocol("redo", [
  {
    bug: "changes that are finished in an object that was left",
    from: "    repeat(R);\n    leaveObject();",
    to: "    leaveObject();\n    repeat(R);",
    scenario: "changes are finished while their object is freed",
    found: "race",
  },
]);
