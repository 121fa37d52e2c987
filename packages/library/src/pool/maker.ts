/** What only the thread does that has made the pool. */
export interface Maker {
  /** Why nobody executes anything, though nobody has closed the pool. */
  readonly failure: Error | undefined;
  /** Looks at what it is asked to; layout.ts. */
  attend(flags: number): void;
  /** Gives a job's values to an executor that has asked for them. */
  post(executor: number, message: unknown, transfer: readonly object[]): void;
  /** What an executor has posted as a job's outcome. */
  takeResult(executor: number, job: number, generation: number): unknown;
}
