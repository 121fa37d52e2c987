import type { Equivalents } from "./equivalent.js";

const BATCH = "if (C != 0) write(C + slack, (batch != 0 ? batch : max(32, 2 * workers())) - 1);";

export const COUNTER: Equivalents = {
  file: "kernel/library/counter.ts",
  arguments: [
    {
      because:
        "The greater of two equal numbers is either of them: 32 of 32, too, where an even number is compared with 33.",
      mutants: [`${BATCH} | 32 is 33 | 2`, `${BATCH} | lt is le`],
    },
    {
      because:
        "A count is told rightly while it changes by less than 2^31 between the two looks: half of that is a bound with room " +
        "for one more.",
      mutants: [
        "if (abs(atomic.load<i64>(word) - before) < SMALL) return count; | ge is gt",
        "if (abs(atomic.load<i64>(word) - before) < SMALL) return count; | 1073741824 is 1073741825",
        "if (abs(atomic.load<i64>(word) - before) < SMALL) return count; | second operand of add deleted",
      ],
    },
    {
      because:
        "Twice a number, exclusive or the number, is 0 where that is 0, and else at least as far from 0: who reads looks once " +
        "more where the count has changed by 2^29, and finds what it would have found.",
      mutants: ["if (abs(atomic.load<i64>(word) - before) < SMALL) return count; | 63 is 64"],
    },
  ],
};
