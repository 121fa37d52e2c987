import type { Equivalents } from "./equivalent.js";

export const CHANNEL: Equivalents = {
  file: "kernel/library/channel.ts",
  arguments: [
    {
      because: "Nobody else knows the object yet, so that nobody sees which word was written first.",
      mutants: [
        "write(C + capacity, bytes); | swapped with what follows",
        "write(C + codec, codecOfAll); | swapped with what follows",
        "write(C + head, begin); | swapped with what follows",
        "write(C + seenHead, begin); | swapped with what follows",
      ],
    },
    {
      because: "Where both are equal, the smaller one is either of them.",
      mutants: ["return load<u32>(C + capacity); | gt is ge"],
    },
    {
      because:
        "It decides whether, and for how long, the caller looks before it enters the section. What it finds " +
        "inside decides.",
      mutants: [
        "if (as == FRESH && enoughCores()) { | branch deleted",
        "if (as == FRESH && enoughCores()) { | condition negated",
        "if (as == FRESH && enoughCores()) { | 0 is 1",
        "if (as == FRESH && enoughCores()) { | condition negated | 2",
        "for (let delay = FIRST_DELAY; delay <= LAST_DELAY && !maySend(C, bytes); delay *= 2) work(delay); | 512 is 513",
        "for (let delay = FIRST_DELAY; delay <= LAST_DELAY && !maySend(C, bytes); delay *= 2) work(delay); | condition negated",
        "for (let delay = FIRST_DELAY; delay <= LAST_DELAY && !maySend(C, bytes); delay *= 2) work(delay); | le is lt",
        "for (let delay = FIRST_DELAY; delay <= LAST_DELAY && !maySend(C, bytes); delay *= 2) work(delay); | 4096 is 4097",
        "for (let delay = FIRST_DELAY; delay <= LAST_DELAY && !maySend(C, bytes); delay *= 2) work(delay); | branch deleted",
        "for (let delay = FIRST_DELAY; delay <= LAST_DELAY && !maySend(C, bytes); delay *= 2) work(delay); | 15 is 16",
        "for (let delay = FIRST_DELAY; delay <= LAST_DELAY && !maySend(C, bytes); delay *= 2) work(delay); | call deleted",
        "if (as == FRESH && enoughCores()) { | branch deleted | 2",
        "if (as == FRESH && enoughCores()) { | condition negated | 3",
        "if (as == FRESH && enoughCores()) { | 0 is 1 | 2",
        "if (as == FRESH && enoughCores()) { | condition negated | 4",
        "for (let delay = FIRST_DELAY; delay <= LAST_DELAY && !mayReceive(C); delay *= 2) work(delay); | 512 is 513",
        "for (let delay = FIRST_DELAY; delay <= LAST_DELAY && !mayReceive(C); delay *= 2) work(delay); | condition negated",
        "for (let delay = FIRST_DELAY; delay <= LAST_DELAY && !mayReceive(C); delay *= 2) work(delay); | le is lt",
        "for (let delay = FIRST_DELAY; delay <= LAST_DELAY && !mayReceive(C); delay *= 2) work(delay); | 4096 is 4097",
        "for (let delay = FIRST_DELAY; delay <= LAST_DELAY && !mayReceive(C); delay *= 2) work(delay); | branch deleted",
        "for (let delay = FIRST_DELAY; delay <= LAST_DELAY && !mayReceive(C); delay *= 2) work(delay); | call deleted",
      ],
    },
    {
      because:
        "`announce` does nothing for NOW. Whoever does not wait looks once more, and is told the same, or what " +
        "has become true since.",
      mutants: ["if (as != NOW) { | 3 is 4", "if (as != NOW) { | 3 is 4 | 2"],
    },
    {
      because:
        "A channel's sections set no word, so that their journals are empty: to empty them changes nothing, " +
        "whenever it is done.",
      mutants: [
        "const isOver = isClosed(C); | call deleted that is a copy of guard.ts, beside it",
        "leave(C + sending); | swapped with what follows",
        "write(C + tail, load<u32>(C + reserved)); | call deleted that is a copy of guard.ts, beside it",
        "write(C + tail, load<u32>(C + reserved)); | swapped with what follows",
        "leave(C + sending); | swapped with what follows | 3",
        "leave(C + sending); | call deleted that is a copy of guard.ts, beside it",
        "leave(C + sending); | swapped with what follows | 5",
        "if (payload != 0) return payload; | call deleted that is a copy of guard.ts, beside it",
        "leave(C + receiving); | swapped with what follows",
        "write(C + head, load<u32>(C + taken)); | call deleted that is a copy of guard.ts, beside it",
        "write(C + head, load<u32>(C + taken)); | swapped with what follows",
        "leave(C + receiving); | swapped with what follows | 3",
        "leave(C + receiving); | call deleted that is a copy of guard.ts, beside it",
        "leave(C + receiving); | swapped with what follows | 5",
        "write(C + closed, 1); | call deleted that is a copy of guard.ts, beside it",
        "write(C + closed, 1); | swapped with what follows",
        "leave(C + sending); | swapped with what follows | 7",
      ],
    },
    {
      because: "Both are words of the section's own. Nobody looks at them before the tail is stored.",
      mutants: ["store<u32>(C + reserved, end); | swapped with what follows"],
    },
    {
      because:
        "The guard was let go before. A record that names it a little longer leads repair to a guard that the " +
        "worker does not own.",
      mutants: [
        "wakeOne(C + notEmpty); | swapped with what follows | 2",
        "drop(C); | swapped with what follows",
        "wakeAll(C + notFull); | swapped with what follows | 2",
        "wakeOne(C + notEmpty); | swapped with what follows | 4",
        "wakeAll(C + notEmpty); | swapped with what follows | 2",
      ],
    },
    {
      because:
        "Both are woken, one after the other, and whoever dies between the two has the channel on its list: " +
        "repair wakes all.",
      mutants: [
        "wakeAll(C + notEmpty); | swapped with what follows",
        "repairSleepers(C + notFull); | swapped with what follows",
      ],
    },
  ],
};
