import type { Equivalents } from "./equivalent.js";

export const FREE: Equivalents = {
  file: "kernel/library/free.ts",
  arguments: [
    {
      because:
        "The slot of no worker: a lock word's owner has 16 bits and is at most the last slot, a runner is a slot or DONE, so " +
        "that neither is 65535 or 65536.",
      mutants: ["mutex.repair(object, NOBODY); | 65535 is 65536", "once.repair(object, NOBODY); | 65535 is 65536"],
    },
  ],
};
