import { describeProtocol } from "./describe-protocol.js";

describeProtocol("degree", [
  {
    bug: "a cluster that begins at its own number, as K42's masks do",
    from: "  return cluster * degree;",
    to: "  return cluster;",
    scenario: "all processors are in one cluster",
    found: "failure",
  },
]);
