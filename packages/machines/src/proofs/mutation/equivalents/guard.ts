import type { Equivalents } from "./equivalent.js";

export const GUARD: Equivalents = {
  file: "kernel/library/guard.ts",
  arguments: [
    {
      because: "How long one that must not sleep waits between two looks is a matter of time: it looks until it is in.",
      mutants: [
        "else while (!tryAcquire(G)) work(FIRST_DELAY); | call deleted",
        "else while (!tryAcquire(G)) work(FIRST_DELAY); | 512 is 513",
      ],
    },
    {
      because:
        "No section sets more than 36 words, those of 12 who are notified: it is there for who writes one that would.",
      mutants: [
        "if (entries == MOST) unreachable(); | branch deleted",
        "if (entries == MOST) unreachable(); | 40 is 41",
      ],
    },
    {
      because:
        "In the semaphore's section the caller announces itself after it has set two words. If it dies between, they count, " +
        "though it is not announced: it does not wait any more, and its repair takes its turn away, and wakes all.",
      mutants: ["store<u32>(my + journal, 0); | swapped with what follows"],
    },
  ],
};
