import type { Equivalents } from "./equivalent.js";

export const CONDITION: Equivalents = {
  file: "kernel/library/condition.ts",
  arguments: [
    {
      because: "An object has whole cache lines: 41 bytes have as many as 40.",
      mutants: ["const C = createObject(Kind.Condition, BYTES); | 40 is 41"],
    },
    {
      because: "Nobody else knows the object yet, so that nobody sees which word was written first.",
      mutants: ["write(Q + next, <u32>Q); | swapped with what follows"],
    },
    {
      because: "A block is zero when it is allocated, and WAITING is 0.",
      mutants: ["store<u32>(node + state, WAITING); | store deleted"],
    },
    {
      because: "Nobody reads the node before it is in the queue.",
      mutants: [
        "store<u32>(node + next, <u32>Q); | swapped with what follows",
        "store<u32>(node + previous, last); | swapped with what follows",
        "store<u32>(node + state, WAITING); | swapped with what follows",
      ],
    },
    {
      because: "The node is not in the queue yet, and `awaited` leads others to the guard, which the worker has.",
      mutants: ["store<u32>(node + owner, me); | swapped with what follows"],
    },
    {
      because:
        "The section sets no word, so that its journal is empty: to empty it changes nothing, whenever it is " +
        "done.",
      mutants: [
        "leave(C + guard); | call deleted that is a copy of guard.ts, beside it",
        "leave(C + guard); | swapped with what follows",
        "enter(C, C + guard); | call deleted that is a copy of guard.ts, beside it",
        "leave(C + guard); | swapped with what follows | 5",
      ],
    },
    {
      because:
        "The guard was let go before. A record that names it a little longer leads repair to a guard that the " +
        "worker does not own.",
      mutants: [
        "leave(C + guard); | swapped with what follows | 2",
        "release(node); | swapped with what follows",
        "leaveObject(); | swapped with what follows",
        "leaveObject(); | swapped with what follows | 2",
        "if (last != 0) wake(last); | swapped with what follows",
        "if (node != 0) release(node); | swapped with what follows",
      ],
    },
    {
      because: "Until the section is over, nobody has joined: who reads `awaited` before, comes first.",
      mutants: ["write(C + awaited, 1); | swapped with what follows"],
    },
    {
      because: "It decides whether, and for how long, the caller looks before it sleeps. What it finds then decides.",
      mutants: [
        "if (as == FRESH) lookWhile(node + state, WAITING); | branch deleted",
        "if (as == FRESH) lookWhile(node + state, WAITING); | condition negated",
        "if (as == FRESH) lookWhile(node + state, WAITING); | call deleted",
        "if (as == FRESH) lookWhile(node + state, WAITING); | 0 is 1",
      ],
    },
    {
      because:
        "The look in the section says the same: `owner`, which is read instead, or nothing, sends everybody " +
        "there.",
      mutants: [
        "if (read(node + state) == WAITING) return waitAt(node + state, WAITING); | branch deleted",
        "if (read(node + state) == WAITING) return waitAt(node + state, WAITING); | 8 is 12",
      ],
    },
    {
      because:
        "Where to sleep, and while which value is there, are variables of the worker's instance, which nobody " +
        "else reads.",
      mutants: [
        "if (read(node + state) == WAITING) return waitAt(node + state, WAITING); | swapped with what follows",
        "return now == WAITING ? waitAt(node + state, WAITING) : WOKEN; | swapped with what follows",
      ],
    },
    {
      because: "The condition may be freed at any moment, also between the two.",
      mutants: ["const freed = !isObject(C, as); | swapped with what follows"],
    },
    {
      because: "Where both are equal, the smaller one is either of them.",
      mutants: ["left = min(left, there); | ge is gt", "left = min(left, there); | lt is le"],
    },
    {
      because: "The journal has room for 40 words: thirteen who are notified in one section take 39.",
      mutants: ["left = min(left, there); | 12 is 13", "const some = min(left, BATCH); | 12 is 13"],
    },
    {
      because: "One worker sleeps on the word of a node: the node's.",
      mutants: ["atomic.notify(node + state, -1); | -1 is 1"],
    },
  ],
};
