import type { Equivalents } from "./equivalent.js";

export const MCS_LOCK: Equivalents = {
  file: "kernel/library/mcs-lock.ts",
  arguments: [
    {
      because: "Nobody else knows the object yet, so that nobody sees which word was written first.",
      mutants: ["write(L + strict, isStrict ? 1 : 0); | swapped with what follows"],
    },
    {
      because:
        "A repair says that the owner died, and that the queue is broken, in the other order. The dead worker is not OUT " +
        "before both are said: nobody empties the queue in between, and a repair that is cut off says both again.",
      mutants: ["return L + nodes + CACHE_LINE * (slot - 1); | swapped with what follows"],
    },
    {
      because: "Nobody reads the node before the worker is the tail.",
      mutants: ["store<u32>(I + next, NIL); | swapped with what follows"],
    },
    {
      because: "`pause` is a hint to the processor and has no result. Who waits looks again sooner.",
      mutants: [
        "pause(); | call deleted",
        "pause(); | call deleted | 2",
        "for (mend(L); !isWhole(L) && !isDying(L); mend(L)) pause(); | call deleted | 3",
        "for (mend(L); !isWhole(L) && !isDying(L); mend(L)) pause(); | swapped with what follows | 2",
      ],
    },
    {
      because:
        "The loop mends in each turn, so that who finds the lock broken has mended it, or another has, when the loop ends. " +
        "Once more, after the loop, is what another who comes may do, too.",
      mutants: [
        "for (mend(L); !isWhole(L) && !isDying(L); mend(L)) pause(); | call deleted",
        "for (mend(L); !isWhole(L) && !isDying(L); mend(L)) pause(); | swapped with what follows",
      ],
    },
    {
      because:
        "The compare_and_swap fails unless the lock is BROKEN. Where it does not, the look at all states that comes after " +
        "it decides; without the one before, those who wait only write more often.",
      mutants: [
        "if (read(L + broken) != BROKEN || !areOut(L) || !compare_and_swap(L + broken, BROKEN, me)) return; | 0 is 1",
        "if (read(L + broken) != BROKEN || !areOut(L) || !compare_and_swap(L + broken, BROKEN, me)) return; | condition negated | 2",
      ],
    },
  ],
};
