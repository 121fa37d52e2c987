import type { Equivalents } from "./equivalent.js";

export const QUEUE: Equivalents = {
  file: "kernel/tasks/queue.ts",
  arguments: [
    {
      because: "Nobody appends a task that is in a queue: it is there for who would.",
      mutants: ["if (read(T + inQueue) != NIL) unreachable(); | branch deleted"],
    },
  ],
};
