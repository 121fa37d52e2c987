import type { Equivalents } from "./equivalent.js";

export const EVENTCOUNT: Equivalents = {
  file: "kernel/library/eventcount.ts",
  arguments: [
    {
      because: "The next look finds the mark that was made, and the loop ends then.",
      mutants: ["if (compare_and_swap(E, word, word | mark)) word |= mark; | branch deleted"],
    },
    {
      because:
        "Where to sleep, and while which value is there, are variables of the worker's instance, which nobody else reads.",
      mutants: [
        "return as == ASYNCHRONOUS ? waitAt(E + asynchronous, sequence) : waitAt(E, word); | swapped with what follows",
        "return as == ASYNCHRONOUS ? waitAt(E + asynchronous, sequence) : waitAt(E, word); | swapped with what follows | 2",
      ],
    },
    {
      because: "Also where all are woken and nobody slept, whoever's mark is taken away is woken, and looks again.",
      mutants: [
        "if (word & SLEEPERS && atomic.notify(E, most) == 0 && kept != 0) forgetSleepers(E); | second operand of and deleted",
      ],
    },
    {
      because: "Those who wait without blocking are woken also where none had announced itself, and look again.",
      mutants: ["if (word & AWAITED) { | 2 is -1"],
    },
    {
      because:
        "The word changes, and all who wait are woken, look again and announce themselves anew: no mark of before is needed.",
      mutants: ["atomic.add<u32>(E, ONE); | 4 is 5"],
    },
  ],
};
