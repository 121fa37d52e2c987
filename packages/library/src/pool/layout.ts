/** Where the words of a pool are, and what they say: the kernel's constants. */

// States of a pool; kernel/library/pool.ts.
export const OPEN = 0;
export const ENDED = 2;

// What the maker is to look at; kernel/library/pool.ts.
export const GROWTH = 2;
export const REQUEST = 4;

/** Where the words of an executor's line are that are its own; kernel/library/pool.ts. */
export const COUNTS = 16;

/** Jobs that are drained at a time; kernel/library/pool.ts. */
export const DRAINED = 64;

// Answers in the place of a job, as signed numbers.
export const NO_JOB = -1;
export const LATER = -2;
export const HOLDS_TOO_MUCH = -2;

// Answers of `pool_cancel`; kernel/library/pool.ts.
export const TAKEN_BACK = 0;
export const OVER = 2;

/** States of a job: the lowest byte of its first word; kernel/library/jobs.ts. */
export const State = { Free: 0, Filling: 1, Queued: 2, Running: 3, Asked: 4, Done: 5, Died: 6 } as const;

// Flags of a job; kernel/library/jobs.ts.
export const PINNED = 1;
export const STOP = 2;
export const UNBEGUN = 4;
export const WARM = 8;
export const COLD = 16;
export const STOLEN = 64;

// Offsets in a job's record; kernel/library/jobs.ts.
export const GENERATION = 4;
export const EXECUTOR = 8;
export const FLAGS = 12;
export const BEGUN = 16;
export const SUBMITTED = 20;
export const ARGUMENTS_BYTES = 24;
export const ARGUMENTS_BLOCK = 28;
export const RESULT_BYTES = 32;
export const RESULT_BLOCK = 36;
export const HOW = 40;
export const ARGUMENTS = 64;
export const RESULT = 256;
export const JOB_BYTES = 384;

/** How an outcome is told. */
export const How = {
  /** The result is the value. */
  Value: 0,
  /** The result is what was thrown. */
  Error: 1,
  /** The value comes by the executor's port. */
  Port: 2,
  /** The value is undefined, and there is no result. */
  Nothing: 3,
} as const;
