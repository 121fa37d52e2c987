import type { Equivalents } from "./equivalent.js";

export const NAMES: Equivalents = {
  file: "kernel/library/names.ts",
  arguments: [
    {
      because:
        "Nobody else finds the entry before it is linked: its words may be written in any order, in the guarded section, too.",
      mutants: [
        "store<u32>(entry + object, <u32>named); | swapped with what follows",
        "store<u32>(entry + identity, namedAs); | swapped with what follows",
        "store<u32>(entry + length, nameLength); | swapped with what follows",
        "memory.copy(entry + bytes, name, nameLength); | swapped with what follows",
      ],
    },
    {
      because:
        "Without an entry the header's words at 4 and 16 are read: the space's magic number, which is odd, so that no object " +
        "is at that address; and the identity is nobody's when no object is told.",
      mutants: ["if (entry == 0) return 0; | branch deleted | 2"],
    },
  ],
};
