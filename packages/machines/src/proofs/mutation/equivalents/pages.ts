import type { Equivalents } from "./equivalent.js";

const AGAIN = "if (page == NONE && begin > first) page = search(first, count, orphan);";
const SKIP = "if (kindOf(word) == LARGE || kindOf(word) == OBJECT) page += detailOf(word) - 1;";
const OWNED = "else if (kindOf(word) == SPAN && slotOf(word) == 0) wanted = min(wanted, page);";
const MISSING =
  "for (const most = min(count, end - firstPage()); row < most && read(entryOf(end - 1 - row)) <= FREE; ) row++;";
const GROW = "return memory.grow(max(max(count, GROWTH), end / 8)) >= 0 || memory.grow(count - row) >= 0;";
const BEGIN = "for (let begin = read(BEGIN); page < begin; begin = read(BEGIN)) compare_and_swap(BEGIN, begin, page);";

export const PAGES: Equivalents = {
  file: "kernel/library/pages.ts",
  arguments: [
    {
      because: "Where the search began at the first page, all pages are looked at once more before the memory grows.",
      mutants: [`${AGAIN} | second operand of and deleted`, `${AGAIN} | gt is ge`],
    },
    {
      because:
        "A row that begins with a page in use fails in tryClaim, which looks at that page first; the search goes on behind it.",
      mutants: ["row = 0; | 0 is 1"],
    },
    {
      because:
        "The pages inside of a block, which are passed one by one then, are in use like its first one: a load each, which is " +
        "what a search costs.",
      mutants: [
        `${SKIP} | second operand of or deleted`,
        `${SKIP} | 6 is 7`,
        `${SKIP} | second operand of add deleted`,
      ],
    },
    {
      because: "The lesser, or the greater, of two equal numbers is either of them.",
      mutants: [
        "wanted = min(wanted, page); | gt is ge",
        `${OWNED} | gt is ge`,
        `${MISSING} | lt is le`,
        `${GROW} | le is lt`,
        `${GROW} | lt is le`,
      ],
    },
    {
      because: "What `memory.grow` returns is -1 or the pages that there were: there are some.",
      mutants: [`${GROW} | ge is gt`, `${GROW} | 0 is 1`, `${GROW} | ge is gt | 2`, `${GROW} | 0 is 1 | 2`],
    },
    {
      because: "Searches that begin at the page already are told to begin there.",
      mutants: [`${BEGIN} | lt is le`, `${BEGIN} | gt is ge`],
    },
  ],
};
