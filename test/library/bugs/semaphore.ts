import type { PlantedBug } from "./planted-bug.js";

const planted = { protocol: "semaphore", file: "semaphore.ts", found: "deadlock" } as const;
const ledger = { protocol: "semaphore", file: "ledger.ts", found: "final" } as const;

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
    from: "  if (permits > 1 || isLarge || read(S + turn) != 0) wakeAll(S + changes);\n  else wakeOne(S + changes);\n  leave(S + guard);",
    to: "  const all = permits > 1 || isLarge || read(S + turn) != 0;\n  leave(S + guard);\n  if (all) wakeAll(S + changes);\n  else wakeOne(S + changes);",
    scenario: "signal 1, impatient 2, signal 1 of 0, patient",
  },
  {
    ...planted,
    bug: "a semaphore that a sleeper leaves with the turn",
    from: "  endTurn(S);\n  drop(S);",
    to: "  drop(S);",
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
    from: "  transfer(S + ledger, read(S), me, -permits);",
    to: "  drop(S);\n  transfer(S + ledger, read(S), me, -permits);",
    scenario: "run 1, run 1 of 1, 1 dying",
  },
  {
    ...planted,
    bug: "a try for several permits that says that somebody waits for them",
    from: "    if (as == NOW) return WAIT;\n",
    to: "",
    scenario: "try 2, try 1 of 2",
    found: "invariant",
  },
  {
    ...planted,
    bug: "a semaphore that does not look once more after the announcement",
    from: "    if (!take(S, permits)) {\n      if (as",
    to: "    {\n      if (as",
    scenario: "run 1, run 1 of 1, 2 times",
  },
  {
    ...ledger,
    bug: "a move that is taken back, as another was made since",
    from: " || read(account + witnessed) == sequence;",
    to: ";",
    scenario: "run 1, run 1 of 1, 1 dying",
  },
  {
    ...ledger,
    bug: "a move that is written over before it is witnessed",
    from: "if (mover == slot || mover == NOBODY) return true;",
    to: "return true;",
    scenario: "run 1, run 1 of 1, 1 dying",
  },
  {
    ...ledger,
    bug: "a move that has the name of the one before",
    from: "  do sequence = (sequence + 1) & 0xffff;\n  while (lastOf(now) == nameOf(slot, sequence) || read(account + witnessed) == sequence);\n",
    to: "",
    scenario: "run 1, run 1 of 1, 1 dying",
  },
  {
    ...ledger,
    bug: "a move that is crossed out before the account has it",
    from: "  if (made) store<u32>(account, after);\n  store<u32>(R + move, 0);",
    to: "  store<u32>(R + move, 0);\n  if (made) store<u32>(account, after);",
    scenario: "run 1, run 1 of 1, 1 dying",
    found: "deadlock",
  },
  {
    ...ledger,
    bug: "a witness of a move that is not the last any more",
    from: "(readLedger(W) == now && compare_and_swap(place, before, sequence))",
    to: "compare_and_swap(place, before, sequence)",
    scenario: "impatient 1, impatient 1, impatient 1 of 3, 1 dying",
  },
  {
    ...planted,
    bug: "a semaphore whose turn stays with one who died",
    from: "  compare_and_swap(S + turn, dead, 0);\n",
    to: "",
    scenario: "the turn, who has it dying",
  },
  {
    ...planted,
    bug: "a semaphore that a request that does not block lists for ever",
    from: "      if (as == ASYNCHRONOUS) drop(S);\n",
    to: "",
    scenario: "run 1, asynchronously 1 of 1",
    found: "final",
  },
];
