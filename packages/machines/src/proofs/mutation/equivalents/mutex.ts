import type { Equivalents } from "./equivalent.js";

export const MUTEX: Equivalents = {
  file: "kernel/library/mutex.ts",
  arguments: [
    {
      because: "An object has whole cache lines: 29 bytes have as many as 28.",
      mutants: ["const M = createObject(Kind.Mutex, BYTES); | 28 is 29"],
    },
    {
      because: "`pending` names the mutex until after both, and the count is for people alone.",
      mutants: [
        "if (as != lock.ASYNCHRONOUS) write(M + contentions, read(M + contentions) + 1); | swapped with what follows",
      ],
    },
  ],
};
