import type { Protocol } from "../protocol.js";

interface Alone {
  readonly scenario: string;
  readonly does: string;
  readonly processors?: number;
  readonly bound?: number;
}

const ALONE: readonly Alone[] = [
  { scenario: "where its words are", does: "layout" },
  { scenario: "who is present, and who is idle", does: "bits", processors: 70 },
  { scenario: "procrastination, for a while", does: "procrastination", bound: 4 },
  { scenario: "procrastination, as short as can be", does: "procrastination", bound: 2 },
  { scenario: "procrastination, never and for ever", does: "bounds" },
];

/** What takes place beside others is claimed of the queues. */
export const SCHEDULER: readonly Protocol[] = ALONE.map(({ scenario, does, processors = 2, bound = 0 }) => ({
  protocol: "scheduler",
  scenario,
  processors: 1,
  entries: `scheduler_prove_${does}`,
  init: { entry: "scheduler_prove_init", arguments: [processors, bound] },
}));
