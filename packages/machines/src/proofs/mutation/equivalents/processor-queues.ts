import type { Equivalents } from "./equivalent.js";

const POWER = "return P <= 1 ? 1 : 1 << (32 - clz<u32>(P - 1));";
const DISTANCES = "for (let distance: u32 = 1, all = powerFrom(processorsOf(S)); distance < all; distance++) {";

export const PROCESSOR_QUEUES: Equivalents = {
  file: "kernel/tasks/processor-queues.ts",
  arguments: [
    {
      because: "Distances at which no processor is are passed over: more of them change nothing, and one has none.",
      mutants: [
        `${DISTANCES} | lt is le`,
        `${DISTANCES} | lt is le | 2`,
        `${POWER} | le is lt`,
        `${POWER} | 1 is 0`,
        `${POWER} | 1 is 0 | 2`,
        `${POWER} | 1 is 0 | 4`,
        `${POWER} | 32 is 33`,
      ],
    },
    {
      because:
        "At distance 0 is the processor itself: it was not idle, or is rung, and looks at its own queue once more.",
      mutants: [`${DISTANCES} | 1 is 0`, `${DISTANCES} | 1 is 0 | 3`],
    },
    {
      because: "It begins behind p, which was not present a moment ago.",
      mutants: ["const isPlace = isPresent(S, p) || firstPresent(S, p) == NOBODY; | 0 is 1"],
    },
    {
      because: "A processor that there is not has no idle bit.",
      mutants: ["if (other < processorsOf(S) && isIdle(S, other)) return other; | lt is le"],
    },
    {
      because: "The copy of policies that do not steal, where nobody is told to come later.",
      mutants: ["if (task >= LATER) return task; | ge is gt"],
    },
    {
      because:
        "Only saves time: an empty queue is found empty in its section, too, and where nobody is idle nobody is found.",
      mutants: ["if (lengthOf(Q) == 0) return NONE; | branch deleted", "if (!isAnyIdle(S)) return; | branch deleted"],
    },
    {
      because: "The section sets no word: its journal is empty, and stays so.",
      mutants: ["leaveQueue(Q); | swapped with what follows | 5"],
    },
  ],
};
