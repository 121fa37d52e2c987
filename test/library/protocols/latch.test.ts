import { describeProtocol } from "./describe-protocol.js";

describeProtocol("latch", [
  {
    bug: "a latch of which a waiter does not look again before it sleeps",
    from: "return left(L) == 0 ? DONE : WAIT;",
    to: "return WAIT;",
    found: "deadlock",
    scenario: "1 for 1 of 2",
  },
  {
    bug: "a latch that is not listed by who counts down until all are woken",
    from: "  hold(L);\n  const owed",
    to: "  const owed",
    found: "deadlock",
    scenario: "1 for 2 of 0, 1 dying",
  },
  {
    bug: "a latch that forgets what a dead worker has promised",
    from: "  if (owed != 0) {\n    write",
    to: "  if (false) {\n    write",
    found: "deadlock",
    scenario: "1 for 1 of 2, 1 dying",
  },
  {
    bug: "a latch that counts down for a dead worker what that has counted down itself",
    from: "return promised > counted ? promised - counted : 0;",
    to: "return promised > counted ? promised : 0;",
    found: "final",
    scenario: "1 for 1 of 2, 1 dying",
  },
  {
    bug: "a latch that wakes only when one is left",
    from: "if (isDone && left(L) == 0) wakeAll",
    to: "if (isDone && left(L) == 1) wakeAll",
    found: "deadlock",
    scenario: "1 for 2 of 1",
  },
]);
