import type { Equivalents } from "./equivalent.js";

export const EVENTCOUNT: Equivalents = {
  file: "kernel/library/eventcount.ts",
  arguments: [
    {
      because: "The answer is the same on all ways, which the compiler knows: it drops what this one leaves.",
      mutants: ["if (as == NOW) return WAIT; | -1 is 1"],
    },
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
      because:
        "Nobody sleeps on the doorbell and on an eventcount at once: which of them is told first, makes no difference.",
      mutants: ["atomic.notify(E + asynchronous, -1); | swapped with what follows"],
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
    {
      because: "Without a sleeper's mark there is none to be kept: whatever notify answers, nobody is forgotten.",
      mutants: ["if (word & SLEEPERS && atomic.notify(E, most) == 0 && kept != 0) forgetSleepers(E); | 1 is 0"],
    },
    {
      because:
        "The compiler takes the mark for both conditions: what is kept is the same, and one more is notified where nobody is " +
        "announced as a sleeper, who looks again.",
      mutants: ["const kept = most == 1 ? word & SLEEPERS : 0; | 1 is -1"],
    },
    {
      because:
        "The word was changed by another since it was read, which was after the change that is waited for. So who announced " +
        "itself before and does not sleep yet, does not go to sleep; who announces itself later finds what is waited for; and " +
        "who sleeps is woken. Marks that stay cost the next wake one look.",
      mutants: [
        "if (!compare_and_swap(E, word, ((word & ~(SLEEPERS | AWAITED)) + ONE) | kept)) continue; | branch deleted",
      ],
    },
  ],
};
