import type { PlantedBug } from "./planted-bug.js";

const planted = { protocol: "condition", file: "condition.ts", found: "deadlock" } as const;

export const CONDITION_BUGS: readonly PlantedBug[] = [
  {
    ...planted,
    bug: "a waiter that those who notify need not know of",
    from: "  write(C + awaited, 1);\n",
    to: "",
    scenario: "1 for 1",
  },
  {
    ...planted,
    bug: "a notification that wakes nobody",
    from: "if (last != 0) wake(last);",
    to: "",
    scenario: "1 for 1",
  },
  {
    ...planted,
    bug: "one who notifies, dies before the wake-up, and has told nobody of it",
    from: "if (last != 0) mustWake(last + state);",
    to: "",
    scenario: "1 for 2, asleep, one of 1 and 2 dying",
  },
  {
    ...planted,
    bug: "one that gives up and stays in the queue",
    from: "if (!notified) unlink(C, node);",
    to: "",
    scenario: "2 for 1, 1 giving up, asleep",
    found: "final",
  },
  {
    ...planted,
    bug: "a notification that dies with who was notified",
    from: "if (notified && read(C + waiting) > 0) wake(notifyFirst(C));",
    to: "",
    scenario: "2 for 1, asleep, one of 0 and 1 dying",
  },
  {
    ...planted,
    bug: "a notification that ends when its waiter has the lock",
    from: "    if (!notified) unlink(C, node);",
    to: "    if (notified) set(node + owner, 0);\n    else unlink(C, node);",
    scenario: "2 for 1, asleep, one of 0 and 1 dying",
  },
  {
    ...planted,
    bug: "one who notifies nobody because of a section that is undone",
    from: "if (read(C + awaited) == 0) return 0;",
    to: "if (read(C + waiting) == 0) return 0;",
    scenario: "1 for 2, asleep, one of 1 and 2 dying",
  },
  {
    ...planted,
    bug: "one that is dismissed in a section that is undone, and stays so",
    from: "set(node + state, DISMISSED);",
    to: "write(node + state, DISMISSED);",
    scenario: "one dismisses, dying, and one comes",
    found: "failure",
  },
  {
    ...planted,
    bug: "a section that notifies more than its journal has room for",
    from: "const BATCH: u32 = 12;",
    to: "const BATCH: u32 = 14;",
    scenario: "many, one after the other",
    found: "trap",
  },
  {
    ...planted,
    bug: "a guardian that enters a section without looking whether somebody is in it",
    file: "guard.ts",
    from: "  if (tryAcquire(G)) return true;\n  nameNothing();\n  return false;",
    to: "  tryAcquire(G);\n  return true;",
    scenario: "1 for 1, one of 0 dying",
    found: "final",
  },
];
