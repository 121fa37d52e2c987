import type { Equivalents } from "./equivalent.js";

export const OBJECTS: Equivalents = {
  file: "kernel/library/objects.ts",
  arguments: [
    {
      because:
        "It is in a proof of the wait graph alone: what that does with an object of the kind that this line answers.",
      mutants: [
        "return <Kind>(read(object) >> 24); | branch deleted",
        "return <Kind>(read(object) >> 24); | condition negated",
      ],
    },
  ],
};
