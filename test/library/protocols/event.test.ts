import { describeProtocol } from "./describe-protocol.js";

describeProtocol("event", [
  {
    bug: "an event that lets go on only who looks while it is set",
    from: "return (now & SET) != 0 || now != before;",
    to: "return (now & SET) != 0;",
    scenario: "1 for 1",
    found: "deadlock",
  },
  {
    bug: "a waiter that does not look again before it sleeps",
    from: "return hasHappened(V, before) ? HAPPENED : WAIT;",
    to: "return WAIT;",
    scenario: "1 for 1",
    found: "deadlock",
  },
  {
    bug: "an event that its setter does not hold until all are woken",
    from: "  hold(V);\n",
    to: "",
    scenario: "1 for 2, 1 dying",
    found: "deadlock",
  },
]);
