import type { Equivalents } from "./equivalent.js";

const STEPS_OVER = "if (p % 32 == 0 && P - p >= 32 && ~read(S + present + p / 8) == 0) p += 31;";
const EXCLUDE = "return (atomic.and<u32>(bits + (p >> 5) * 4, ~bit) & bit) != 0;";
const FIRST_IN = "for (let i: u32 = 0, P = processorsOf(S); i < P; i++) {";
const ANY_IDLE = "for (let p: u32 = 0, P = processorsOf(S); p < P; p += 32) all |= read(S + idle + p / 8);";

export const SCHEDULER: Equivalents = {
  file: "kernel/tasks/scheduler.ts",
  arguments: [
    {
      because:
        "To step over a word of bits that are all set only saves time. Of a word that has bits of fewer processors, one is " +
        "not set.",
      mutants: [
        `${STEPS_OVER} | second operand of and deleted`,
        `${STEPS_OVER} | second operand of sub deleted`,
        `${STEPS_OVER} | 31 is -1`,
        `${STEPS_OVER} | 32 is 33`,
        `${STEPS_OVER} | ge is gt`,
        `${STEPS_OVER} | ge is lt`,
      ],
    },
    {
      because: "The search ends where it began: the first one is looked at once more.",
      mutants: [`${FIRST_IN} | lt is le`, `${FIRST_IN} | gt is ge`],
    },
    {
      because: "A processor that there is not has no bit; each word of 32 bits is looked at, as 33 k / 8 is in word k.",
      mutants: [
        `${ANY_IDLE} | lt is le`,
        `${ANY_IDLE} | 32 is 33`,
        "for (let p: u32 = 0, P = processorsOf(S); p < P; p++) { | gt is ge",
      ],
    },
    {
      because: "Nobody but its own processor sleeps at a bell.",
      mutants: ["atomic.notify(bellOf(S, p), -1); | -1 is 1"],
    },
    {
      because: "It was idle a moment ago: where two clear its bit at once, both ring it, once in vain.",
      mutants: [`${EXCLUDE} | second operand of and deleted`],
    },
    {
      because: "The copies in which nobody looks at the answer.",
      mutants: [`${EXCLUDE} | ne is eq`, `${EXCLUDE} | 0 is 1`],
    },
    {
      because:
        "The guard is free: whether its name is forgotten before a bell rings or after it, repair finds the same.",
      mutants: [
        "return (read(bits + (p >> 5) * 4) & (1 << (p & 31))) != 0; | swapped with what follows",
        "for (let p: u32 = 0, P = processorsOf(S); p < P; p++) { | swapped with what follows",
      ],
    },
  ],
};
