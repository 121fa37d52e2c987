import type { Equivalents } from "./equivalent.js";

const DEMANDED = "if (delay < QUANTUM && enoughCores() && isAwake(ownerOf(word))) {";
const TURNS = "const turns = ((word & TURNS) - (last & TURNS)) & TURNS;";
const LOOKS = "for (let spent: u32 = 0; spent < QUANTUM; spent += delay) {";
const HOT = "const isHot = turns > ONE_TURN && (turns / ONE_TURN) * SHORT_TURN >= delay;";
const ENOUGH = "if (!isHot && (ownerOf(word) == 0 || !isAwake(ownerOf(word)))) return;";
const LONGER = "if (isHot) delay = min(2 * delay, HOT_DELAY);";
const SELDOM = "else if (delay < LAST_DELAY) delay *= 2;";

export const LOCK_WORD: Equivalents = {
  file: "kernel/library/lock-word.ts",
  arguments: [
    {
      because:
        "Where to sleep, and while which value is there, are variables of the worker's instance, which nobody else reads.",
      mutants: [
        "if (word & mark || compare_and_swap(L, word, word | mark)) return waitAt(place, sequence); | swapped with what follows",
        "return waitAt(L + heir, there); | swapped with what follows",
      ],
    },
    {
      because:
        "How often and how long the heir looks, and whether it demands the lock after that or after it was woken PATIENCE " +
        "times in vain, is a matter of time: the time it has looked grows with each look, so that it ends, and then the " +
        "heir looks again, says that it sleeps, and is woken.",
      mutants: [
        "let delay = FIRST_DELAY; | 512 is 513",
        "let delay = FIRST_DELAY; | 512 is 513 | 2",
        `${DEMANDED} | branch deleted`,
        `${DEMANDED} | lt is le`,
        `${DEMANDED} | 262144 is 262145`,
        "work(delay); | call deleted",
        "work(delay); | call deleted | 2",
        `${LOOKS} | lt is le`,
        `${LOOKS} | 262144 is 262145`,
        "delay = NAP; | 65536 is 65537",
        "sleepOn(L + heir, read(L + heir), NAP_TIME + <i64>spent); | 50000 is 50001",
        `${TURNS} | second operand of sub deleted`,
        `${TURNS} | 268369920 is -1`,
        `${TURNS} | 268369920 is 0`,
        `${TURNS} | 268369920 is 0 | 2`,
        `${TURNS} | 268369920 is 0 | 3`,
        `${TURNS} | 268369920 is -1 | 3`,
        `${HOT} | ge is gt`,
        `${HOT} | 16 is 17`,
        `${HOT} | 10 is 11`,
        `${ENOUGH} | 0 is 1`,
        `${ENOUGH} | branch deleted`,
        `${ENOUGH} | condition negated`,
        `${ENOUGH} | condition negated | 2`,
        `${ENOUGH} | condition negated | 3`,
        `${LONGER} | choice negated`,
        `${LONGER} | 1 is 0`,
        `${LONGER} | 16384 is 16385`,
        `${LONGER} | 16384 is 16385 | 2`,
        `${LONGER} | ge is gt`,
        "else if (turns != 0) delay = FIRST_DELAY; | 512 is 513",
        `${SELDOM} | lt is le`,
        `${SELDOM} | 4096 is 4097`,
        "vain = patience; | assignment deleted",
      ],
    },
    {
      because: "Of what the word says, `wake` looks at the marks alone; the lowest bit is the owner's.",
      mutants: ["if (ownerOf(word) == 0) wake(L, CONTENDED | AWAITED); | -1073741824 is -1073741823"],
    },
    {
      because: "The owner's bits, which are masked, carry nothing into the turns: no slot is 0xffff.",
      mutants: [
        "if (!compare_and_swap(L, word, ((word + ONE_TURN) & TURNS) | (word & RESERVED))) continue; | 65536 is 65537",
      ],
    },
    {
      because:
        "The word of an heir that does not sleep becomes the same as two lines below, and the notify finds nobody, or an heir " +
        "that naps, which looks a while before it would have.",
      mutants: ["if (there & SLEEPS) { | 1073741824 is -1"],
    },
    {
      because:
        "If all is there already, the compare_and_swap stores what is there; if it fails, there is another look.",
      mutants: [
        "if ((there & others) == others || compare_and_swap(L + heir, there, there | others)) return; | second operand of and deleted",
      ],
    },
    {
      because:
        "Those of one word are woken before or after those of the other: all look at the lock word, which stays.",
      mutants: ["return atomic.notify(place, most); | swapped with what follows"],
    },
    {
      because: "The heir alone sleeps on its word, and there is one.",
      mutants: ["atomic.notify(L + heir, -1); | -1 is 1"],
    },
    {
      because: "Of a word that is not RESERVED, the compare_and_swap stores what is there.",
      mutants: ["for (let word = read(L); word & RESERVED; word = read(L)) { | 536870912 is -1"],
    },
  ],
};
