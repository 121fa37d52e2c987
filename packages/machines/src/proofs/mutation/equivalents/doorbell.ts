import type { Equivalents } from "./equivalent.js";

export const DOORBELL: Equivalents = {
  file: "kernel/library/doorbell.ts",
  arguments: [
    {
      because:
        "Who hears the bell looks at the eventcount, which was raised before; that others, who sleep on it, are woken after the " +
        "ring is no matter of theirs.",
      mutants: ["fetch_and_increment(DOORBELL); | swapped with what follows | 2"],
    },
    {
      because:
        "Where to sleep, and while which value is there, are variables of the worker's instance, which nobody else reads.",
      mutants: ["return waitAt(DOORBELL, sequence); | swapped with what follows"],
    },
  ],
};
