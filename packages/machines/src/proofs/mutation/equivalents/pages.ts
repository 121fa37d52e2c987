import type { Equivalents } from "./equivalent.js";

const AGAIN = "if (page == NONE && begin > first) page = search(first, count, orphan);";
const SKIP = "if (kindOf(word) == LARGE || kindOf(word) == OBJECT) page += detailOf(word) - 1;";
const BEGIN = "for (let begin = read(BEGIN); page < begin; begin = read(BEGIN)) {";

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
      because: "The lesser of two equal numbers is either of them.",
      mutants: ["wanted = min(wanted, page); | gt is ge"],
    },
    {
      because: "Searches that begin at the page already are told to begin there.",
      mutants: [`${BEGIN} | lt is le`, `${BEGIN} | gt is ge`],
    },
  ],
};
