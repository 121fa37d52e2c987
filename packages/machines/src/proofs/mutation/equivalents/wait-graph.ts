import type { Equivalents } from "./equivalent.js";

export const WAIT_GRAPH: Equivalents = {
  file: "kernel/library/wait-graph.ts",
  arguments: [
    {
      because:
        "Slot 0 is nobody's: no wait is written down in its record, so that it is neither stuck nor the caller's.",
      mutants: [
        "for (let slot: u32 = 1, last = workers(); slot <= last; slot++) { | 1 is 0",
        "for (let other: u32 = 1, last = workers(); other <= last; other++) { | 1 is 0",
      ],
    },
    {
      because:
        "Who waits for nothing seems to wait for the object at address 0, whose word is 0: of no kind, nobody's.",
      mutants: ["if (wait == 0) return false; | branch deleted"],
    },
  ],
};
