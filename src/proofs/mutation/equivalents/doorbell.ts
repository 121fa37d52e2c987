import type { Equivalents } from "./equivalent.js";

export const DOORBELL: Equivalents = {
  file: "kernel/library/doorbell.ts",
  arguments: [
    {
      because: "A proof's program that does not sleep looks again instead, which whoever waits may do at any time.",
      mutants: ["return read(DOORBELL); | call deleted that is a copy of sleep.ts, beside it"],
    },
    {
      because:
        "In an eventcount's repair the bell rings before the eventcount's own sleepers are woken. Nobody sleeps on both, and " +
        "nobody who was woken by one of them waits for the other.",
      mutants: ["fetch_and_increment(DOORBELL); | swapped with what follows"],
    },
    {
      because:
        "Where to sleep, and while which value is there, are variables of the worker's instance, which nobody else reads.",
      mutants: ["return waitAt(DOORBELL, sequence); | swapped with what follows"],
    },
  ],
};
