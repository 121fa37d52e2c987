import type { PlantedBug } from "./planted-bug.js";

const planted = { protocol: "semaphore", file: "semaphore.ts", found: "deadlock" } as const;

export const SEMAPHORE_BUGS: readonly PlantedBug[] = [
  {
    ...planted,
    bug: "a semaphore that wakes one where the permits are for another",
    from: "permits > 1 || isLarge ||",
    to: "",
    scenario: "signal 1, impatient 2, signal 1 of 0, patient",
  },
  {
    ...planted,
    bug: "a semaphore that wakes after its section, so that who comes late is woken in the place of who slept",
    from: "  if (fits) makeAvailable(S, permits);\n  leave(S + guard);",
    to: "  if (fits) set(S + available, read(S + available) + permits);\n  const all = read(S + large) != 0;\n  leave(S + guard);\n  if (all) wakeAll(S + changes);\n  else wakeOne(S + changes);",
    scenario: "signal 1, impatient 2, signal 1 of 0, patient",
  },
  {
    ...planted,
    bug: "a semaphore that a sleeper leaves with the turn",
    from: "if (wasFirst) set(S + turn, 0);",
    to: "",
    scenario: "signal 1, impatient 2, signal 1 of 0",
  },
  {
    ...planted,
    bug: "a semaphore whose sleepers are not woken for one who died before it did",
    from: "repairEventcount(S + changes)",
    to: "wakeAll(S + changes)",
    scenario: "run 2, run 1 of 2, 1 dying",
  },
  {
    ...planted,
    bug: "a semaphore that is forgotten before its permits are given back",
    from: "const had = read(mine);\n  if (had < permits) return false;",
    to: "const had = read(mine);\n  if (had < permits) return false;\n  drop(S);",
    scenario: "run 1, run 1 of 1, 1 dying",
  },
  {
    ...planted,
    bug: "a try for several permits that says that somebody waits for them",
    from: " && as != NOW",
    to: "",
    scenario: "try 2, try 1 of 2",
    found: "invariant",
  },
];
