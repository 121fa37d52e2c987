import type { Equivalents } from "./equivalent.js";

export const LATCH: Equivalents = {
  file: "kernel/library/latch.ts",
  arguments: [
    {
      because: "Nobody else knows the object yet, so that nobody sees which word was written first.",
      mutants: ["issue(L + ledger, counts); | swapped with what follows"],
    },
    {
      because: "The difference of two equal numbers is 0.",
      mutants: [
        "return promised > counted ? promised - counted : 0; | gt is ge",
        "return promised > counted ? promised - counted : 0; | lt is le",
      ],
    },
    {
      because:
        "Both take one listing of the latch off the worker's list: whichever is first, as many are left at any time.",
      mutants: ["if (isDone && owed != 0 && owed <= counts) drop(L); | swapped with what follows"],
    },
    {
      because: "The doorbell is for who waits for one of several objects: nobody waits so for a Latch.",
      mutants: ["repairEventcount(L + changes); | call deleted that is a copy of doorbell.ts, beside it"],
    },
  ],
};
