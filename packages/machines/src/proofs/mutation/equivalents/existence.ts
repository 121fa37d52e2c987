import type { Equivalents } from "./equivalent.js";

export const EXISTENCE: Equivalents = {
  file: "kernel/library/existence.ts",
  arguments: [
    {
      because: "Address 0 is NIL: nobody writes there, so that the word says of no object that it is DYING.",
      mutants: ["if (object == 0 || objectAround(object) != object) return; | 1 is 0"],
    },
    {
      because: "Slot 0 is nobody's: its record is never written, and names no object.",
      mutants: ["for (let slot: u32 = 1, last = workers() + 1; slot <= last; slot++) { | 1 is 0"],
    },
  ],
};
