import type { Equivalents } from "./equivalent.js";

const LOOK = "for (let delay = FIRST_DELAY; as == FRESH && delay <= LAST_DELAY && enoughCores(); delay *= 2) {";

export const BARRIER: Equivalents = {
  file: "kernel/library/barrier.ts",
  arguments: [
    {
      because: "Nobody else knows of the barrier before `create` has returned it.",
      mutants: ["write(B + partiesOf, parties); | swapped with what follows"],
    },
    {
      because: "The lesser of two equal numbers is either of them.",
      mutants: ["write(node + children, min(fanIn, below - i * fanIn)); | lt is le"],
    },
    {
      because:
        "How often, how long and whether a party looks before it announces itself is a matter of time: a look that it leaves " +
        "out is made again after the announcement, and one more look finds what that one would.",
      mutants: [
        `${LOOK} | 512 is 513`,
        `${LOOK} | 4096 is 4097`,
        `${LOOK} | branch deleted`,
        `${LOOK} | not deleted`,
        `${LOOK} | second operand of and deleted`,
        `${LOOK} | le is gt`,
        `${LOOK} | le is lt`,
        "work(delay); | call deleted",
      ],
    },
    {
      because:
        "Instead of who failed to raise the word, whoever has raised it looks at the children again, after that. If it dies " +
        "before, its repair gives up its seat, and climbs from there.",
      mutants: ["if (before != value && !compare_and_swap(up, before, value)) continue; | eq is ne"],
    },
    {
      because: "The doorbell is for who waits for one of several channels: nobody who waits at a barrier sleeps there.",
      mutants: ["wakeAllOf(B); | call deleted that is a copy of doorbell.ts, beside it"],
    },
  ],
};
