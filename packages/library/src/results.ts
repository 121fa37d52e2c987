/** Results of the kernel's attempts, beside WAIT; kernel/library/lock-word.ts. */
import { DeadlockError, FreedError, SpaceFullError } from "./errors.js";

export const ACQUIRED = 0;
export const ACQUIRED_ABANDONED = 1;
export const BUSY = 2;
export const DEADLOCK = 3;
const HOLDS_TOO_MANY = 4;
/** The object was freed; kernel/library/objects.ts. */
export const FREED = 7;

/** Throws where a result is no success, and no wait. @throws {DeadlockError | FreedError | SpaceFullError} */
export function mustSucceed(result: number, verb: string, kind: string): void {
  switch (result) {
    case DEADLOCK:
      throw new DeadlockError(
        `Cannot ${verb}: received a ${kind} that this worker holds; expected one that it does not hold`,
      );
    case HOLDS_TOO_MANY:
      throw holdsTooMany(verb);
    case FREED:
      throw new FreedError(`Cannot ${verb}: received a ${kind} that was freed; expected one in use`);
  }
}

export function holdsTooMany(verb: string): SpaceFullError {
  return new SpaceFullError(
    `Cannot ${verb}: received a space that is full; expected room to list one more object that this worker holds`,
  );
}
