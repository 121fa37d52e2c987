import type { PlantedBug } from "./planted-bug.js";

const planted = { protocol: "wait-graph", file: "wait-graph.ts" } as const;

export const WAIT_GRAPH_BUGS: readonly PlantedBug[] = [
  {
    ...planted,
    bug: "a wait that is not looked at again",
    from: "return read(recordOf(slot) + waitsFor) == wait ? other : 0;",
    to: "return other;",
    scenario: "a reader has got in, and still says that it waits",
    found: "failure",
  },
  {
    ...planted,
    bug: "a wait that is written down after a look at the others",
    from: "  while (collect(keepers)) if (isStuck(keepers, me)) return true;\n  return false;",
    to: "  write(my + waitsFor, 0);\n  while (collect(keepers)) if (isStuck(keepers, me)) return true;\n  write(my + waitsFor, <u32>object);\n  return false;",
    scenario: "2 in a circle",
    found: "deadlock",
  },
  {
    ...planted,
    bug: "a writer that waits for readers, taken for one that waits for the lock word",
    from: "wait & FOR_READERS ? rwLock.reads(object, other) : rwLock.keepsOut",
    to: "rwLock.keepsOut",
    scenario: "2 in a circle of RwLocks, reading first",
    found: "failure",
  },
  {
    ...planted,
    bug: "a reader that has got in, taken for one that waits",
    file: "rw-lock.ts",
    from: "return lock.owner(W + word) == slot && !reads(W, other);",
    to: "return lock.owner(W + word) == slot;",
    scenario: "a reader has got in, and still says that it waits",
    found: "failure",
  },
  {
    ...planted,
    bug: "a line of which only the first counts",
    file: "ticket-lock.ts",
    from: "return (one & other & CLAIMED) != 0 && one - serving < other - serving;",
    to: "return (one & other & CLAIMED) != 0 && one == serving && one != other;",
    scenario: "one in line for a TicketLock waits elsewhere",
    found: "livelock",
  },
];
