import type { Equivalents } from "./equivalent.js";

const CHECK = "if (i >= MOST) unreachable();";

export const REDO: Equivalents = {
  file: "kernel/library/redo.ts",
  arguments: [
    {
      because: "Nobody intends more than four changes at once: the check is for callers that there are not yet.",
      mutants: [`${CHECK} | ge is gt`, `${CHECK} | branch deleted`, `${CHECK} | 7 is 8`],
    },
    {
      because: "Nobody reads an entry before the number of entries is written, after both.",
      mutants: ["const entry = my + redo + 8 + i * ENTRY; | swapped with what follows"],
    },
    {
      because: "An address has 32 bits: the rest is cut off in either way.",
      mutants: [
        "if (load<u32>(R + redo) != 0 && enterObject(<usize>(place & 0xffffffff), <u32>(place >> 32))) { | 4294967295 is -1",
      ],
    },
  ],
};
