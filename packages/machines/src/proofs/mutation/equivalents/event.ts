import type { Equivalents } from "./equivalent.js";

export const EVENT: Equivalents = {
  file: "kernel/library/event.ts",
  arguments: [
    {
      because: "An object has whole cache lines: 17 bytes have as many as 16.",
      mutants: ["return createObject(Kind.Event, BYTES); | 16 is 17"],
    },
    {
      because: "The word is even there, so that 3 more, with the lowest bit set, is the same as 2 more.",
      mutants: ["if (!compare_and_swap(V + wordOf, now, (now + ONCE_MORE) | SET)) continue; | 2 is 3"],
    },
    {
      because: "Of what is not set, the word with SET taken away is the same word: it is stored again.",
      mutants: [
        "for (let now = word(V); now & SET && !compare_and_swap(V + wordOf, now, now & ~SET); now = word(V)) {} | 1 is -1",
      ],
    },
    {
      because:
        "The compare_and_swap of a set word fails only where another has reset it since, so that this reset counts as one " +
        "just after that one, before whoever has set it again; one look more changes nothing either.",
      mutants: [
        "for (let now = word(V); now & SET && !compare_and_swap(V + wordOf, now, now & ~SET); now = word(V)) {} | branch deleted",
        "for (let now = word(V); now & SET && !compare_and_swap(V + wordOf, now, now & ~SET); now = word(V)) {} | eq is ne",
      ],
    },
    {
      because: "The look after the announcement says the same; the mark that is left costs the next wake one look.",
      mutants: ["if (hasHappened(V, before)) return HAPPENED; | branch deleted"],
    },
  ],
};
