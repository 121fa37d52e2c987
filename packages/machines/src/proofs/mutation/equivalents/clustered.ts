import type { Equivalents } from "./equivalent.js";

export const CLUSTERED: Equivalents = {
  file: "kernel/library/clustered.ts",
  arguments: [
    {
      because: "Nobody else knows the object yet, so that nobody sees which word was written first.",
      mutants: [
        "store<u32>(C + served, servedBy); | swapped with what follows",
        "store<u32>(C + root, rootAt); | swapped with what follows",
        "store<u32>(C + lines, linesAt); | swapped with what follows",
        "store<u32>(C + lineBytes, bytesEach); | swapped with what follows",
        "store<u32>(C + representatives, all); | swapped with what follows",
      ],
    },
    {
      because:
        "A store of what is there already: a fence, for memory that reorders more than sequential consistency and total " +
        "store order do.",
      mutants: [
        "const snapshot = load<u32>(old + BLOCK_HEADER + 4); | call deleted that is a copy of replicated.ts, beside it",
      ],
    },
    {
      because:
        "Of an object that is being freed: at address 0 is no length, so that a block is made, and who would replace the " +
        "history by it is told that there is none.",
      mutants: ["if (old == 0) return FREED; | branch deleted"],
    },
  ],
};
