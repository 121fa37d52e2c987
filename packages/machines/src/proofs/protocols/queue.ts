import type { Protocol } from "../protocol.js";

interface Section {
  readonly does: "appends" | "removes";
  /** Tasks in the queue before: the first ones. */
  readonly length: number;
  readonly task: number;
  readonly what: string;
}

const SECTIONS: readonly Section[] = [
  { does: "appends", length: 0, task: 2, what: "the only task" },
  { does: "appends", length: 2, task: 2, what: "a task behind two" },
  { does: "removes", length: 1, task: 0, what: "the only task" },
  { does: "removes", length: 3, task: 0, what: "the first of three tasks" },
  { does: "removes", length: 3, task: 1, what: "the second of three tasks" },
  { does: "removes", length: 3, task: 2, what: "the last of three tasks" },
];

/** One more than the tasks' numbers, the first in the lowest 4 bits. */
function listOf(tasks: readonly number[]): number {
  return tasks.reduceRight((list, task) => list * 16 + task + 1, 0);
}

const DYING: readonly Protocol[] = SECTIONS.map(({ does, length, task, what }) => {
  const before = Array.from({ length }, (_, i) => i);
  const after = does === "appends" ? [...before, task] : before.filter((other) => other !== task);
  return {
    protocol: "queue",
    scenario: `one ${does} ${what}, dying, and one comes`,
    processors: 2,
    entries: ["queue_prove_section", "queue_prove_visit"],
    init: { entry: "queue_prove_init", arguments: [length, Number(does === "removes"), task] },
    final: { entry: "queue_prove_end", arguments: [listOf(before), listOf(after)] },
    deaths: { entry: "prove_death", processors: [0] },
  };
});

const ALONE: Protocol = {
  protocol: "queue",
  scenario: "one operation after the other",
  processors: 1,
  entries: "queue_prove_alone",
  init: { entry: "queue_prove_init", arguments: [0, 0, 0] },
};

export const QUEUE: readonly Protocol[] = [ALONE, ...DYING];
