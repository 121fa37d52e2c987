import { BlockingError } from "./errors.js";

/** Whether this thread may block: all but a browser's main thread. */
export const mayBlock = blocks();

function blocks(): boolean {
  try {
    // Differs from what is there: does not wait, but throws where waiting is not allowed.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
    return true;
  } catch {
    return false;
  }
}

/** @throws {BlockingError} in a thread that must not block */
export function mustBeAbleToBlock(): void {
  if (mayBlock) return;
  throw new BlockingError(
    "Cannot block: received a call on a browser's main thread; expected a worker, or the form that ends in Async",
  );
}
