import type { Equivalents } from "./equivalent.js";

export const PRIORITY: Equivalents = {
  file: "kernel/scheduling/priority.ts",
  arguments: [
    {
      because: "Where tasks do not age, all are of the same age, whatever that is.",
      mutants: ["const age: u32 = ageing == 0 ? 0 : (now - read(T + since)) / ageing; | 0 is 1"],
    },
  ],
};
