/** What an executor writes into its line of a pool, for statistics and for the maker; 32 bits each. */
import { COUNTS } from "./layout.js";

export const Count = {
  /** Tasks that have an outcome. */
  Done: COUNTS,
  /** Of these, executed where their key was warm; where it was cold, though another executor had it warm. */
  Warm: COUNTS + 4,
  Cold: COUNTS + 8,
  /** Of these, that have thrown. */
  Failed: COUNTS + 12,
  /** Tasks in progress. */
  InProgress: COUNTS + 16,
  /** Microseconds, by clock.ts, at which the last task ended. */
  Active: COUNTS + 20,
  /** KiB of its JavaScript heap, when it looked last; 0: it has not. */
  Heap: COUNTS + 24,
  /** Microseconds of all tasks together. */
  Busy: COUNTS + 28,
} as const;

export const COUNTS_BYTES = 32;
