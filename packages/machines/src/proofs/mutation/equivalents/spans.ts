import type { Equivalents } from "./equivalent.js";

const LONGER = "if (size >= LONG) {";

export const SPANS: Equivalents = {
  file: "kernel/library/spans.ts",
  arguments: [
    {
      because:
        "Nobody else looks into a span before its page says that it is one; whoever dies before leaves pages that are " +
        "claimed, whose bytes nobody believes.",
      mutants: [
        "store<u32>(span + bytes, size); | swapped with what follows",
        "store<u32>(span + reciprocal, 0xffffffff / size + 1); | swapped with what follows",
        "store<u32>(span + first, beginOf(count)); | swapped with what follows",
        "store<u32>(span + blocks, count); | swapped with what follows",
        "store<u32>(span + groups, (count + 63) / 64); | swapped with what follows",
        "if (isOfObjects(span)) { | swapped with what follows",
      ],
    },
    {
      because: "The first guess at the number of blocks is higher then, and is lowered to the same number.",
      mutants: ["let count = (room - live) / (size + 1); | 1 is 0"],
    },
    {
      because: "The lesser of two equal numbers is either of them.",
      mutants: ["for (let index = begin, end = min(begin + 64, count); index < end; index++) { | lt is le"],
    },
    {
      because: "A shift of 64 bits takes its distance modulo 64.",
      mutants: ["return (<u64>1) << (index & 63); | 63 is -1"],
    },
    {
      because: "Both words are the owner's alone, and whoever repairs makes them from what is live.",
      mutants: [
        "store<u32>(span + used, inUse); | swapped with what follows",
        "const index = at * 64 + <u32>ctz(bits); | swapped with what follows",
        "store<u64>(span + free + g * 8, load<u64>(span + free + g * 8) | bits); | swapped with what follows",
      ],
    },
    {
      because: "The engine's instruction and the loop clear the same bytes of any block: sizes are multiples of 16.",
      mutants: [
        `${LONGER} | branch deleted`,
        `${LONGER} | condition negated`,
        `${LONGER} | ge is gt`,
        `${LONGER} | 128 is 129`,
      ],
    },
    {
      because: "Nobody else looks at the words of a block that is being allocated.",
      mutants: ["store<u64>(block, 0); | swapped with what follows"],
    },
    {
      because:
        "The word behind the last group's, of at most 59 groups of 64 for which there is room, is 0 for ever: no block has a " +
        "bit in it.",
      mutants: [
        "for (let g: u32 = 0, end = load<u32>(span + groups); g < end; g++) { | lt is le",
        "for (let g: u32 = 0, end = load<u32>(span + groups); g < end; g++) { | gt is ge",
        "for (let begin: u32 = 0; begin < count; begin += 64) { | lt is le",
      ],
    },
  ],
};
