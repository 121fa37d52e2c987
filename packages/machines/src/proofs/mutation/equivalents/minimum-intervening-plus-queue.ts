import type { Equivalents } from "./equivalent.js";

export const MINIMUM_INTERVENING_PLUS_QUEUE: Equivalents = {
  file: "kernel/scheduling/minimum-intervening-plus-queue.ts",
  arguments: [
    {
      because: "The search ends where it began: the first processor is looked at once more, and costs what it did.",
      mutants: ["for (let i: u32 = 0; i < P; i++) { | gt is ge"],
    },
  ],
};
