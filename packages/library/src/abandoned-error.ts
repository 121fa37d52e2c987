import type { UnlockToken } from "./unlock-token.js";

/** The owner before died with the lock. The caller holds the lock now. See docs/library/mutex.md. */
export class AbandonedError extends Error {
  override readonly name = "AbandonedError";
  /** Holds the lock; unlock with it. */
  readonly token: UnlockToken;

  constructor(token: UnlockToken) {
    super(
      "Cannot trust what the lock protects: received the lock from a worker that died; expected one from a worker that unlocked",
    );
    this.token = token;
  }
}
