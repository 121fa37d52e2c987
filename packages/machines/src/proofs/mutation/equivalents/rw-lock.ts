import type { Equivalents } from "./equivalent.js";

export const RW_LOCK: Equivalents = {
  file: "kernel/library/rw-lock.ts",
  arguments: [
    {
      because:
        "Who has the lock word no more wakes other requests of its own worker; of others, who looks again goes on to wait. If " +
        "the worker dies between the two, those requests die with it.",
      mutants: ["drop(W); | swapped with what follows", "drop(W); | swapped with what follows | 2"],
    },
    {
      because: "Neither number is a slot, so that nobody is taken for dead; then nobody is told of it, either.",
      mutants: [
        "lock.repair(W + word, NOBODY, false); | 65535 is 65536",
        "lock.repair(W + word, NOBODY, false); | 0 is 1",
      ],
    },
    {
      because:
        "If the dead worker does not write, the compare_and_swap changes nothing; if it does, it owns the lock word until after " +
        "both, so that nobody gets in between them.",
      mutants: ["write(readsOf(W, dead), 0); | swapped with what follows"],
    },
    {
      because:
        "Who gets in between the two finds the dead one's slot in `writer`, which tells it the same as ABANDONED; what it " +
        "writes there, the compare_and_swap leaves.",
      mutants: ["compare_and_swap(W + writer, dead, ABANDONED); | swapped with what follows"],
    },
    {
      because: "The doorbell is for who waits for one of several objects: nobody waits so for an RwLock.",
      mutants: ["repairEventcount(W + drained); | call deleted that is a copy of doorbell.ts, beside it"],
    },
  ],
};
