import type { Equivalents } from "./equivalent.js";

const CAST = "if (!isObject(<usize>(entry & 0xffffffff), <u32>(entry >> 32))) remove(index, load<u32>(my + held) - 1);";

export const HOLDINGS: Equivalents = {
  file: "kernel/library/holdings.ts",
  arguments: [
    {
      because: "`next` is a variable of the worker's instance, which nobody else reads.",
      mutants: ["remove(index, last); | swapped with what follows"],
    },
    {
      because:
        "Who dies between the two has not acquired the object, or `pending` names it. What the entry said before is zero, or " +
        "an object that was listed once: that may be listed and not held.",
      mutants: ["if (index < INLINE) return R + entries + index * ENTRY; | swapped with what follows"],
    },
    {
      because: "An address has 32 bits: the cast cuts off the others.",
      mutants: [`${CAST} | 4294967295 is -1`, "const object = <usize>(entry & 0xffffffff); | 4294967295 is -1"],
    },
    {
      because:
        "Nobody else reads the record of who is dead; a repair that is cut off between the two does all of it again.",
      mutants: [
        "store<u32>(R + promised, 0); | swapped with what follows",
        "store<u32>(R + extra, 0); | swapped with what follows",
      ],
    },
  ],
};
