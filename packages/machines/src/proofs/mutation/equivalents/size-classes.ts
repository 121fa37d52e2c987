import type { Equivalents } from "./equivalent.js";

const SMALL = "if (bytes <= STEP * STEPS) return bytes == 0 ? 0 : (bytes - 1) / STEP;";

export const SIZE_CLASSES: Equivalents = {
  file: "kernel/library/size-classes.ts",
  arguments: [
    {
      because: "Of 128 bytes and of 129 both ways to the class give the same one: 7 and 8.",
      mutants: [`${SMALL} | gt is ge`, `${SMALL} | le is lt`, `${SMALL} | 128 is 129`],
    },
  ],
};
