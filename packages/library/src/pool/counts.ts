/** What an executor writes into its line of a pool, for statistics and for the maker; 32 bits each. */
import type { SharedSpace } from "../space.js";
import { COUNTS } from "./layout.js";

export const Count = {
  /** Tasks that have an outcome. */
  Done: COUNTS,
  /** Of these, executed where their key was warm; where it was cold. */
  Warm: COUNTS + 4,
  Cold: COUNTS + 8,
  /** Of these, that have thrown. */
  Failed: COUNTS + 12,
  /** Tasks in progress. */
  InProgress: COUNTS + 16,
  /** KiB of its JavaScript heap, when it looked last; 0: it has not. */
  Heap: COUNTS + 20,
  /** Tasks that were taken from another executor's queue. */
  Stolen: COUNTS + 24,
} as const;

export const COUNTS_BYTES = 28;

/** One of an executor's counts. */
export function countOf(space: SharedSpace, pool: number, executor: number, offset: number): number {
  const at = (space.kernel.pool_executor_line(pool, executor) >>> 0) + offset;
  return Atomics.load(space.words(at, 4), at >>> 2);
}

/** Those of an executor that is about to come. */
export function clearCounts(space: SharedSpace, pool: number, executor: number): void {
  const at = (space.kernel.pool_executor_line(pool, executor) >>> 0) + COUNTS;
  space.words(at, COUNTS_BYTES).fill(0, at >>> 2, (at + COUNTS_BYTES) >>> 2);
}
