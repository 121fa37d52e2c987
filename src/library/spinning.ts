/** What the locks that spin have in common: to refuse where there are too few cores. */
import { OversubscribedError } from "./errors.js";
import type { SharedSpace } from "./space.js";

export interface SpinningLockOptions {
  /** Whether to make and to wait for it also where more workers use the space than there are cores. Default: false. */
  readonly force?: boolean;
  /** What those get who lock it after its owner died, as of a Mutex. Default: tell. */
  readonly onAbandoned?: "tell" | "throw";
}

/** @throws {OversubscribedError} */
export function mustHaveCores(space: SharedSpace, what: string): void {
  if (space.kernel.enough_cores() === 1) return;
  throw new OversubscribedError(
    `Cannot ${what}: received more workers than cores, where who waits keeps others from running; expected fewer, a Mutex, or { force: true }`,
  );
}
