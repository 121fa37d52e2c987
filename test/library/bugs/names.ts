import type { PlantedBug } from "./planted-bug.js";

const planted = { protocol: "names", file: "names.ts" } as const;

export const NAMES_BUGS: readonly PlantedBug[] = [
  {
    ...planted,
    bug: "a name that is looked for before the guard is entered",
    from: "  enter(NAMES, NAMES);\n  const former = entryOf(name, nameLength);\n",
    to: "  const former = entryOf(name, nameLength);\n  enter(NAMES, NAMES);\n",
    scenario: "2 x 1",
    found: "failure",
  },
  {
    ...planted,
    bug: "an object's name that its death would not undo",
    from: "  set(list, <u32>entry);",
    to: "  atomic.store<u32>(list, <u32>entry);",
    scenario: "2 x 1, 1 dying",
    found: "final",
  },
  {
    ...planted,
    bug: "a name that is known by its object only",
    from: "    link(listOfName(name, nameLength), entry, nextByName);\n",
    to: "",
    scenario: "2 x 1",
    found: "failure",
  },
  {
    ...planted,
    bug: "a name that is taken away for its object only",
    from: "      unlink(listOfName(entry + bytes, load<u32>(entry + length)), entry, nextByName);\n",
    to: "",
    scenario: "2 x 2",
    found: "race",
  },
  {
    ...planted,
    bug: "an entry that is freed while it can be found",
    from: "    leave(NAMES);\n    if (entry == 0) return;\n    release(entry);",
    to: "    release(entry);\n    leave(NAMES);\n    if (entry == 0) return;\n",
    scenario: "2 x 2, 1 dying",
    found: "final",
  },
  {
    ...planted,
    bug: "an entry that is kept where the name was given before",
    from: "  release(entry);\n  return before == 0 ? GONE : before;",
    to: "  return before == 0 ? GONE : before;",
    scenario: "2 x 1",
    found: "final",
  },
  {
    protocol: "names",
    file: "guard.ts",
    bug: "a thread that must not block, and does not wait either",
    from: "  else while (!tryAcquire(G)) work(FIRST_DELAY);",
    to: "",
    scenario: "2 x 2, 1 spinning",
    found: "race",
  },
  {
    protocol: "names",
    file: "guard.ts",
    bug: "a thread that must not block, and spins for a dead one's guard for ever",
    from: "  repairLock(G, dead, false);",
    to: "",
    scenario: "2 x 1, 1 spinning, 1 dying",
    found: "deadlock",
  },
];
