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
      because:
        "W was another already, so that the compare_and_swap that follows fails, too: W is not what it was again before a " +
        "sequence has come around.",
      mutants: [
        "return before == sequence || (readLedger(W) == now && compare_and_swap(place, before, sequence)); | 0 is 1",
      ],
    },
    {
      because: "No object is at address 0: none is entered, nothing is settled, and 0 is written over 0.",
      mutants: ["if (W == 0) return; | branch deleted"],
    },
  ],
};
