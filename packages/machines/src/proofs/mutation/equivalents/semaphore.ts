import type { Equivalents } from "./equivalent.js";

export const SEMAPHORE: Equivalents = {
  file: "kernel/library/semaphore.ts",
  arguments: [
    {
      because: "Nobody else knows of the semaphore before `create` has returned it.",
      mutants: [
        "issue(S + ledger, permits); | swapped with what follows",
        "store<u32>(S + initial, permits); | swapped with what follows",
      ],
    },
    {
      because:
        "The permits were spent before both, so that repair has none to give back, whether it finds the semaphore listed or " +
        "not; and `total` may count those of who died.",
      mutants: ["atomic.sub<u32>(S + total, permits); | swapped with what follows"],
    },
    {
      because:
        "Whoever dies in `wake` has the semaphore on its list, and has let no guard go. Repair wakes all, after it has freed " +
        "the guard, and who wants several says so again before it sleeps: whether `large` was restored makes no difference.",
      mutants: ["if (permits > 1 || isLarge || read(S + turn) != 0) wakeAll(S + changes); | swapped with what follows"],
    },
    {
      because:
        "All are woken after both. Who looks between the two gets nothing where it needs both, and announces itself before " +
        "it sleeps.",
      mutants: ["transfer(S + ledger, read(S), dead, -unitsOf(S + ledger, dead)); | swapped with what follows"],
    },
    {
      because: "The doorbell is for who waits for one of several channels: nobody who waits for permits sleeps there.",
      mutants: ["wakeAllOf(S); | call deleted that is a copy of doorbell.ts, beside it"],
    },
  ],
};
