import type { Protocol } from "../protocol.js";

interface Section {
  readonly does: "appends" | "removes" | "inserts";
  /** Tasks in the queue before: the first ones. */
  readonly length: number;
  readonly task: number;
  /** Before which it is inserted. */
  readonly before?: number;
  readonly what: string;
}

const SECTIONS: readonly Section[] = [
  { does: "appends", length: 0, task: 2, what: "the only task" },
  { does: "appends", length: 2, task: 2, what: "a task behind two" },
  { does: "removes", length: 1, task: 0, what: "the only task" },
  { does: "removes", length: 3, task: 0, what: "the first of three tasks" },
  { does: "removes", length: 3, task: 1, what: "the second of three tasks" },
  { does: "removes", length: 3, task: 2, what: "the last of three tasks" },
  { does: "inserts", length: 1, task: 1, before: 0, what: "a task before the only one" },
  { does: "inserts", length: 2, task: 2, before: 1, what: "a task between two" },
];

/** One more than the tasks' numbers, the first in the lowest 4 bits. */
function listOf(tasks: readonly number[]): number {
  return tasks.reduceRight((list, task) => list * 16 + task + 1, 0);
}

/** As kernel/library/proofs/queue.ts has them. */
const CODES = { appends: 0, removes: 1, inserts: 2 };

const DYING: readonly Protocol[] = SECTIONS.map(({ does, length, task, before: follower = length, what }) => {
  const before = Array.from({ length }, (_, i) => i);
  const after = does === "removes" ? before.filter((other) => other !== task) : before.toSpliced(follower, 0, task);
  return {
    protocol: "queue",
    scenario: `one ${does} ${what}, dying, and one comes`,
    processors: 2,
    entries: ["queue_prove_section", "queue_prove_visit"],
    init: { entry: "queue_prove_init", arguments: [length, CODES[does] + (does === "inserts" ? follower : 0), task] },
    final: { entry: "queue_prove_end", arguments: [listOf(before), listOf(after)] },
    deaths: { entry: "prove_death", processors: [0] },
  };
});

const ALONE: readonly Protocol[] = [
  { scenario: "one operation after the other", does: "alone" },
  { scenario: "one insertion after the other", does: "insertions" },
].map(({ scenario, does }) => ({
  protocol: "queue",
  scenario,
  processors: 1,
  entries: `queue_prove_${does}`,
  init: { entry: "queue_prove_init", arguments: [0, 0, 0] },
}));

export const QUEUE: readonly Protocol[] = [...ALONE, ...DYING];
