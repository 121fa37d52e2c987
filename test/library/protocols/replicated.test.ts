import { describeProtocol } from "./describe-protocol.js";

describeProtocol("replicated", [
  {
    bug: "a reader that does not look whether the value is still there",
    from: "return atomic.load<u64>(R + place) == at(as, block);",
    to: "return true;",
    scenario: "1 reading beside 1",
    found: "failure",
  },
  {
    bug: "a reader inside the guard that lets others replace the value",
    from: "  keep(R);\n  const old = look(R);",
    to: "  const old = look(R);",
    scenario: "1 reading beside 1, inside the guard",
    found: "failure",
  },
  {
    bug: "an update that replaces whatever version is there",
    from: "isExpected && before != expected ? CHANGED",
    to: "false ? CHANGED",
    scenario: "0 reading beside 2",
    found: "failure",
  },
  {
    bug: "a value whose block is freed before it is replaced",
    from: "  let result = old == 0",
    to: "  release(old);\n  let result = old == 0",
    scenario: "1 reading beside 1",
    found: "failure",
  },
  {
    bug: "a version that is not written behind the place",
    from: "  if (result == REPLACED) write(R + version, before + 1);\n",
    to: "",
    scenario: "1 reading beside 1",
    found: "final",
  },
  {
    bug: "a replaced value whose worker does not hold the object until all are woken",
    from: "  hold(R);\n",
    to: "",
    scenario: "1 waiting, 1 dying",
    found: "deadlock",
  },
  {
    bug: "a repair that leaves the version as the dead worker has left it",
    from: "while (seen != lastVersion && !compare_and_swap(R + version, seen, lastVersion));",
    to: "while (false);",
    scenario: "1 reading beside 1, 1 dying",
    found: "final",
  },
  {
    bug: "a waiter that does not look again before it sleeps",
    from: "  return lastVersion != before ? CHANGED : WAIT;",
    to: "  return WAIT;",
    scenario: "1 waiting",
    found: "deadlock",
  },
  {
    bug: "a value that is replaced in an object that was freed",
    from: "let result = old == 0 ? FREED : isExpected",
    to: "let result = isExpected",
    scenario: "freed beside one that replaces",
    found: "final",
  },
  {
    bug: "a burial that leaves the value's block",
    from: "    release(old);\n    break;",
    to: "    break;",
    scenario: "freed beside one that replaces",
    found: "final",
  },
]);
