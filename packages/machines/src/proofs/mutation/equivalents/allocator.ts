import type { Equivalents } from "./equivalent.js";

const LINES = "const lines = (max(bytes, 1) - 1) / CACHE_LINE + 1;";
const MANY = "return allocate(bytes > LARGEST ? bytes : lines * CACHE_LINE);";

export const ALLOCATOR: Equivalents = {
  file: "kernel/library/allocator.ts",
  arguments: [
    {
      because: "The greater of 1 and 1 is either of them, and that of 0 and 1 is found all the same.",
      mutants: [`${LINES} | 1 is 0`, `${LINES} | le is lt`, `${LINES} | 1 is 0 | 5`, `${LINES} | le is lt | 2`],
    },
    {
      because: "32,768 bytes are 256 lines; and of 32,769 bytes, or as many lines as hold them, the block is one page.",
      mutants: [`${MANY} | gt is ge`, `${MANY} | 32768 is 32769`],
    },
    {
      because: "Of a span that is listed and has used blocks, `settle` changes nothing.",
      mutants: ["if (load<u32>(span + listed) == 0 || (isSpare(span) && !isAlone(span))) settle(span); | 0 is 1"],
    },
  ],
};
