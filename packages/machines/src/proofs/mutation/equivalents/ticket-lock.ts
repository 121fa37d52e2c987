import type { Equivalents } from "./equivalent.js";

export const TICKET_LOCK: Equivalents = {
  file: "kernel/library/ticket-lock.ts",
  arguments: [
    {
      because: "Nobody else knows the object yet, so that nobody sees which word was written first.",
      mutants: ["write(T + strict, isStrict ? 1 : 0); | swapped with what follows"],
    },
    {
      because:
        "Two claims have a bit in common if both are CLAIMED, or if both are CHOOSING. In the latter case they are the " +
        "same word, and the comparison that follows is false.",
      mutants: ["return (one & other & CLAIMED) != 0 && one - serving < other - serving; | 2 is -1"],
    },
    {
      because: "`pause` is a hint to the processor and has no result. Who waits looks again sooner.",
      mutants: ["pause(); | call deleted"],
    },
  ],
};
