import type { Equivalents } from "./equivalent.js";

export const CENTRAL_QUEUE: Equivalents = {
  file: "kernel/tasks/central-queue.ts",
  arguments: [
    {
      because: "What a section sets counts all at once, when it is left: in which order, nobody sees.",
      mutants: ["append(Q, T); | swapped with what follows", "append(Q, T); | swapped with what follows | 2"],
    },
    {
      because:
        "A section that counts before an idle bit is cleared: who dies in between has rung nobody, as one that dies after " +
        "it; its repair rings all.",
      mutants: [
        "const p = takeIdle<Policy>(policy, T); | swapped with what follows",
        "const rest = firstOf(Q); | swapped with what follows",
      ],
    },
    {
      because:
        "The guard is free: whether its name is forgotten before a bell rings or after it, repair finds the same.",
      mutants: [
        "if (p != NOBODY) ring(S, p); | swapped with what follows",
        "if (other != NOBODY) ring(S, other); | swapped with what follows",
      ],
    },
    {
      because: "A processor that there is not has no idle bit.",
      mutants: ["for (let p: u32 = 0, P = processorsOf(S); p < P; p++) { | lt is le"],
    },
    {
      because:
        "The copies of policies that choose one for which the task is warm, if any is idle: where theirs is cold, no other " +
        "one is warm.",
      mutants: ["if (isIdle(S, p) && !policy.isCold(T, p)) return p; | branch deleted | 2"],
    },
    {
      because:
        "The task is cold for another one, so that somebody is here for whom it is warm: that is found of each processor " +
        "for which it is cold.",
      mutants: ["if (isIdle(S, p) && !policy.isCold(T, p)) return p; | 0 is 1"],
    },
    {
      because:
        "For each task that is ready somebody has been rung or will ask, who takes that one or another: who is passed on to " +
        "finds the bell's number changed, and need not be woken for that.",
      mutants: ["if (other != NOBODY) ring(S, other); | call deleted that is a copy of scheduler.ts, beside it"],
    },
    {
      because: "`declined` is read by its own processor alone, when it asks.",
      mutants: ["endProcrastination(S, p); | swapped with what follows"],
    },
    {
      because: "The section sets no word: its journal is empty, and stays so.",
      mutants: [
        "becomeIdle(S, p); | call deleted that is a copy of guard.ts, beside it",
        "becomeIdle(S, p); | call deleted that is a copy of guard.ts, beside it | 2",
        "becomeIdle(S, p); | swapped with what follows",
        "becomeIdle(S, p); | swapped with what follows | 2",
        "leaveQueue(Q); | swapped with what follows | 3",
        "leaveQueue(Q); | swapped with what follows | 5",
        "leaveQueue(Q); | swapped with what follows | 9",
      ],
    },
  ],
};
