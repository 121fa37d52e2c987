import type { Equivalents } from "./equivalent.js";

export const ONCE: Equivalents = {
  file: "kernel/library/once.ts",
  arguments: [
    {
      because: "An object has whole cache lines: 17 bytes have as many as 16.",
      mutants: ["return createObject(Kind.Once, BYTES); | 16 is 17"],
    },
    {
      because: "Where there is a runner the compare_and_swap fails, and the answer is WAIT, too.",
      mutants: ["if (now != NOBODY) return WAIT; | branch deleted"],
    },
  ],
};
