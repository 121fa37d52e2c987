import { describeProtocol } from "./describe-protocol.js";

describeProtocol("names", [
  {
    bug: "a name that is looked for before the guard is entered",
    from: "  enter(NAMES, NAMES);\n  const former = entryOf(name, nameLength);\n",
    to: "  const former = entryOf(name, nameLength);\n  enter(NAMES, NAMES);\n",
    scenario: "2 x 1",
    found: "failure",
  },
  {
    bug: "a name that is found outside of the guard",
    from: "  enter(NAMES, NAMES);\n  const found = tell(entryOf(name, nameLength));\n  leave(NAMES);",
    to: "  const found = tell(entryOf(name, nameLength));",
    scenario: "2 x 2, one finds",
    found: "race",
  },
  {
    bug: "an object's name that its death would not undo",
    from: "  set(list, <u32>entry);",
    to: "  atomic.store<u32>(list, <u32>entry);",
    scenario: "2 x 1, 1 dying",
    found: "final",
  },
  {
    bug: "a name that is known by its object only",
    from: "    link(listOfName(name, nameLength), entry, nextByName);\n",
    to: "",
    scenario: "2 x 1",
    found: "failure",
  },
  {
    bug: "a name that is taken away for its object only",
    from: "      unlink(listOfName(entry + bytes, load<u32>(entry + length)), entry, nextByName);\n",
    to: "",
    scenario: "2 x 2",
    found: "race",
  },
  {
    bug: "an entry that is freed while it can be found",
    from: "    leave(NAMES);\n    if (entry == 0) return true;\n    release(entry);",
    to: "    release(entry);\n    leave(NAMES);\n    if (entry == 0) return true;\n",
    scenario: "1 x 2, 1 dying",
    found: "final",
  },
  {
    bug: "an entry that is kept where the name was given before",
    from: "  release(entry);\n  return before == 0 ? GONE : before;",
    to: "  return before == 0 ? GONE : before;",
    scenario: "2 x 1",
    found: "final",
  },
  {
    file: "guard.ts",
    bug: "a thread that must not block, and does not wait either",
    from: "  else while (!tryAcquire(G)) work(FIRST_DELAY);",
    to: "",
    scenario: "2 x 2, 1 spinning",
    found: "race",
  },
  {
    file: "guard.ts",
    bug: "a thread that must not block, and spins for a dead one's guard for ever",
    from: "  repairLock(G, dead, false);",
    to: "",
    scenario: "2 x 1, 1 spinning, 1 dying",
    found: "deadlock",
  },
]);
