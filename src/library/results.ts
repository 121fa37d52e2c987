/** Results of the kernel's attempts, beside WAIT; kernel/library/lock-word.ts. */
import { DeadlockError } from "./errors.js";

export const ACQUIRED_ABANDONED = 1;
export const BUSY = 2;
export const DEADLOCK = 3;
const HOLDS_TOO_MANY = 4;

/** Throws where a result is no success, and no wait. @throws {DeadlockError} @throws {RangeError} */
export function mustSucceed(result: number, verb: string, kind: string): void {
  switch (result) {
    case DEADLOCK:
      throw new DeadlockError(
        `Cannot ${verb}: received a ${kind} that this worker holds; expected one that others let go`,
      );
    case HOLDS_TOO_MANY:
      throw holdsTooMany(verb);
  }
}

export function holdsTooMany(verb: string): RangeError {
  return new RangeError(`Cannot ${verb}: received one more than the 639 objects that a worker can hold`);
}
