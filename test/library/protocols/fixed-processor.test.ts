import { describeProtocol } from "./describe-protocol.js";

describeProtocol("fixed-processor", [
  {
    bug: "a task whose processor is not there, and that waits for it",
    from: "return p == NOBODY ? home : p;",
    to: "return home;",
    scenario: "one decision after the other",
    found: "livelock",
  },
]);
