import type { Equivalents } from "./equivalent.js";

const PLACE = "while (place < 64 && ((list >> place) & 0xff) != entry) place += 8;";
const THERE = "return there != 0 && <u32>ctz(there) < 8 * some;";

export const AFFINITY: Equivalents = {
  file: "kernel/tasks/affinity.ts",
  arguments: [
    {
      because: "Where it is nowhere in the list, the place is 72 and not 64: both are behind the last.",
      mutants: [`${PLACE} | lt is le`, `${PLACE} | 64 is 65`],
    },
    {
      because: "What was moved by 8 bits has none in the lowest 8.",
      mutants: ["return kept | (moved & ~(<u64>0xff)) | entry; | -256 is -1"],
    },
    {
      because:
        "Bits are at 7, 15 and so on alone, and the place of none is 64, which is not below 8 * some: no comparison differs.",
      mutants: [`${THERE} | 0 is 1`, `${THERE} | 0 is 1 | 2`, `${THERE} | lt is le`, `${THERE} | 8 is 9`],
    },
    {
      because: "A ninth entry is the first one again.",
      mutants: ["for (let i: u32 = 0; i < some; i++) { | 8 is 9"],
    },
    {
      because: "Who is drawn, among those who have no affinity, is a matter of chance.",
      mutants: ["const drawn: u32 = read(T + since) * 0x9e3779b9; | -1640531527 is -1640531526"],
    },
    {
      because: "If nobody is idle, the search finds nobody, too.",
      mutants: ["if (best == NOBODY) return best; | branch deleted"],
    },
    {
      because: "A processor that there is not is not idle.",
      mutants: ["for (let p: u32 = 0; p < P; p++) { | lt is le"],
    },
  ],
};
