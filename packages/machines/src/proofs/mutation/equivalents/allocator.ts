import type { Equivalents } from "./equivalent.js";

const LINES = "const lines = (max(bytes, 1) - 1) / CACHE_LINE + 1;";
const MANY = "return allocate(bytes > LARGEST ? bytes : lines * CACHE_LINE);";
const ONE_PAGE =
  "return pagesOf(sizeClass) > 1 ? allocatePages(bytesOf(sizeClass), sizeClass & OBJECTS ? OBJECT : LARGE) : 0;";
const ALL_CLASSES = "for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {";
const ALL_HINTS = "for (let g: u32 = 0; g < HINTS; g += 64) {";
const LIST = "return my + (sizeClass & OBJECTS ? objectLists : heap) + (sizeClass & ~OBJECTS) * 4;";

export const ALLOCATOR: Equivalents = {
  file: "kernel/library/allocator.ts",
  arguments: [
    {
      because: "The greater of 1 and 1 is either of them, and that of 0 and 1 is found all the same.",
      mutants: [`${LINES} | 1 is 0`, `${LINES} | le is lt`, `${LINES} | 1 is 0 | 5`, `${LINES} | le is lt | 2`],
    },
    {
      because: "32,768 bytes are 256 lines; and of 32,769 bytes, or as many lines as hold them, the block is one page.",
      mutants: [`${MANY} | gt is ge`, `${MANY} | 32768 is 32769`],
    },
    {
      because:
        "Of free blocks, the count and the group one is found in, and of the lists, the owner alone knows; whoever repairs " +
        "makes the first anew, and empties the lists.",
      mutants: [
        "spans.put(span, index); | swapped with what follows",
        `${LIST} | swapped with what follows`,
        "store<u32>(span + previous, 0); | swapped with what follows",
        "store<u32>(span + next, <u32>second); | swapped with what follows",
        "store<u32>(span + listed, 1); | swapped with what follows",
        "store<u32>(span + listed, 0); | swapped with what follows",
        "if (second != 0) store<u32>(second + previous, <u32>span); | swapped with what follows",
        "if (after != 0) store<u32>(after + previous, before); | swapped with what follows",
      ],
    },
    {
      because:
        "Where one page was searched for in vain, it is searched for again: what others have freed since is a block of at " +
        "least as many bytes as were asked for.",
      mutants: [`${ONE_PAGE} | 1 is 0`, `${ONE_PAGE} | gt is ge`],
    },
    {
      because:
        "The word behind the last list of a heap, and of its lists of objects' spans, is 0 for ever: it is nobody's.",
      mutants: [
        `${ALL_CLASSES} | lt is le`,
        `${ALL_CLASSES} | 40 is 41`,
        `${ALL_CLASSES} | lt is le | 2`,
        `${ALL_CLASSES} | 40 is 41 | 2`,
      ],
    },
    {
      because:
        "Behind the hints are the lists of objects' spans of 16 and 32 bytes, which are empty for ever: objects have whole lines.",
      mutants: [`${ALL_HINTS} | lt is le`, `${ALL_HINTS} | 4096 is 4097`],
    },
    {
      because: "A shift of 64 bits takes its distance modulo 64.",
      mutants: ["const bit = (<u64>1) << (page & 63); | 63 is -1"],
    },
    {
      because:
        "The page behind the last one is nobody's, or, where the memory has grown meanwhile, of who made it grow: neither " +
        "of the worker that looks, nor of one that is gone.",
      mutants: [
        "for (let page = g + <u32>ctz(bits), end = endPage(); page < end; page += HINTS) { | lt is le",
        "for (let page = pages.firstPage(), end = endPage(); page < end; page++) { | lt is le",
      ],
    },
  ],
};
