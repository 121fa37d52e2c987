import { describeProtocol } from "./describe-protocol.js";

describeProtocol("barrier", [
  {
    bug: "a barrier that wakes nobody",
    from: "      wakeAll(B + E);\n",
    to: "",
    scenario: "2 x 2, fan-in 8",
    found: "deadlock",
  },
  {
    bug: "an arrival that looks at the others before it is seen",
    from: "  write(seat, now + 2);\n  if (!climb(B, seat, waits)) return FOLLOWS;",
    to: "  const last = climb(B, seat, waits);\n  write(seat, now + 2);\n  if (!last) return FOLLOWS;",
    scenario: "2 x 2, fan-in 8",
    found: "deadlock",
  },
  {
    bug: "a party that is on its way to sleep when all have arrived",
    from: "  announce(B + E, as);\n  return leavesAs(B, seat);",
    to: "  return announce(B + E, as);",
    scenario: "2 x 2, fan-in 8",
    found: "deadlock",
  },
  {
    bug: "a barrier that has as many who lead as wait",
    from: "now & LEADERLESS && compare_and_swap(B + episode, now, now & ~LEADERLESS)",
    to: "now & LEADERLESS",
    scenario: "2 x 2, fan-in 8, split",
    found: "final",
  },
  {
    bug: "a barrier that goes on to wait for the dead",
    from: "if ((read(seat + owner) & SLOT) == dead) vacate(B, seat);",
    to: "",
    scenario: "2 x 2, fan-in 8, one dying",
    found: "deadlock",
  },
  {
    bug: "a repair that trusts in the marks of sleepers that the dead has taken away",
    from: "repairEventcount(B + E);",
    to: "wakeAll(B + E);",
    scenario: "2 x 2, fan-in 8, one dying",
    found: "deadlock",
  },
  {
    bug: "a node whose last party leaves, for which others wait",
    from: "  let value = LEFT;",
    to: "  let value = arrived;",
    scenario: "3 x 3, fan-in 2, one leaving",
    found: "deadlock",
    manyStates: true,
  },
]);
