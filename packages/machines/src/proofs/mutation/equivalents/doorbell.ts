import type { Equivalents } from "./equivalent.js";

export const DOORBELL: Equivalents = {
  file: "kernel/library/doorbell.ts",
  arguments: [
    {
      because:
        "Where to sleep, and while which value is there, are variables of the worker's instance, which nobody else reads.",
      mutants: ["return waitAt(DOORBELL, sequence); | swapped with what follows"],
    },
  ],
};
