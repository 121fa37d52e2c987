import type { Equivalents } from "./equivalent.js";

const LOOKS = "for (let cycles: u32 = 0; cycles < LONG; cycles += LOOK) {";

export const PATIENCE: Equivalents = {
  file: "kernel/library/patience.ts",
  arguments: [
    {
      because: "Two variables of the worker's instance, which nobody reads before both have their first value.",
      mutants: ["export let patience: u32 = PATIENCE; | swapped with what follows"],
    },
    {
      because:
        "How often, how long and how far apart one wait looks, about a thousand times, is a matter of time: it ends all the " +
        "same, and who finds nothing sleeps.",
      mutants: [
        `${LOOKS} | 0 is 1`,
        `${LOOKS} | lt is le`,
        `${LOOKS} | 65536 is 65537`,
        `${LOOKS} | -64 is -63`,
        "work(LOOK); | call deleted",
        "work(LOOK); | 64 is 65",
      ],
    },
  ],
};
