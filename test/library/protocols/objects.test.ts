import { describeProtocol } from "./describe-protocol.js";

describeProtocol("objects", [
  {
    bug: "an object with the identity of the one that was freed there",
    from: "const generation = (last + 1) & GENERATIONS;",
    to: "const generation = (last | 1) & GENERATIONS;",
    scenario: "generations of one block",
    found: "failure",
  },
  {
    bug: "objects with pages of their own that have one identity",
    from: "fetch_and_increment(GENERATION)",
    to: "read(GENERATION)",
    scenario: "objects that have pages of their own",
    found: "failure",
  },
]);
