import type { UnlockToken } from "./unlock-token.js";

/** The worker that held the lock before died with it. The caller holds it now. */
export class AbandonedError extends Error {
  override readonly name = "AbandonedError";
  /** Holds the lock. */
  readonly token: UnlockToken;

  constructor(token: UnlockToken) {
    super("Cannot trust what the lock protects: received it from a worker that died; expected one that unlocked");
    this.token = token;
  }
}
