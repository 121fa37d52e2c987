import type { Equivalents } from "./equivalent.js";

export const LEDGER: Equivalents = {
  file: "kernel/library/ledger.ts",
  arguments: [
    {
      because: "Nobody reads the rest of what is written down before the address of W is there.",
      mutants: [
        "store<u32>(R + move + 4, sequence); | swapped with what follows",
        "store<u32>(R + move + 8, after); | swapped with what follows",
      ],
    },
    {
      because:
        "A move is made after both were written. Who dies between the two has made none, and whichever identity is there, " +
        "settle finds none made.",
      mutants: ["store<u32>(R + move + 12, identity); | swapped with what follows"],
    },
    {
      because: "No object is at address 0: none is entered, nothing is settled, and 0 is written over 0.",
      mutants: ["if (W == 0) return; | branch deleted"],
    },
  ],
};
