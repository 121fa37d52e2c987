import { wrong } from "./arguments.js";
import { toLine } from "./console.js";
import type { SharedSpace } from "./space.js";

/** What can be unlocked by a token. @internal */
export interface Unlockable {
  /** @internal */
  unlock(): void;
}

/** What one alone holds, and can be let go and taken again while it waits on a Condition. @internal */
export interface Relockable extends Unlockable {
  readonly space: SharedSpace;
  /** @internal Blocks until the token, which is empty, holds it. */
  relock(token: UnlockToken): void;
  /** @internal */
  relockAsync(token: UnlockToken): Promise<void>;
}

/**
 * The right to unlock what `lock` has locked, as in TC39's structs proposal; made empty, it can be given to `lock` and used
 * again and again, so that nothing is allocated. Belongs to one worker, cannot be passed to another.
 */
export class UnlockToken {
  #lock: Unlockable | undefined;
  #abandoned = false;
  /** @internal Whether a wait has let its lock go, and will fill it again. */
  isSpokenFor = false;
  /** @internal What to do once it is unlocked, next time. */
  afterUnlock: (() => void) | undefined;

  /** Whether the lock is held by this token. */
  get locked(): boolean {
    return this.#lock !== undefined;
  }

  /**
   * Whether the worker that held the lock before died with it: what it protects may be half changed. Of the last lock
   * taken with this token.
   */
  get abandoned(): boolean {
    return this.#abandoned;
  }

  /**
   * Unlocks; never blocks.
   *
   * @returns false if the token holds no lock
   * @throws {NotOwnerError} if the lock was taken away from this worker
   * @throws {FreedError} if it has been freed
   */
  unlock(): boolean {
    const lock = this.#lock;
    if (lock === undefined) return false;
    this.#lock = undefined;
    lock.unlock();
    if (this.afterUnlock !== undefined) {
      const then = this.afterUnlock;
      this.afterUnlock = undefined;
      then();
    }
    return true;
  }

  /** `unlock`, for `using`. */
  [Symbol.dispose](): void {
    this.unlock();
  }

  /** @internal */
  [toLine](): string {
    return `UnlockToken (${this.locked ? "locked" : "empty"}${this.abandoned ? ", abandoned" : ""})`;
  }

  /** @internal What the token stands for. */
  get held(): Unlockable | undefined {
    return this.#lock;
  }

  /** @internal Whether it can be filled: a token that holds nothing, and that nothing waits to fill. */
  static isEmpty(token: object): boolean {
    return #lock in token && token.#lock === undefined && !token.isSpokenFor;
  }

  /** @internal */
  take(lock: Unlockable, abandoned: boolean): this {
    this.#lock = lock;
    this.#abandoned = abandoned;
    this.isSpokenFor = false;
    return this;
  }
}

/** @throws {TypeError} if a token to be filled is none, or holds a lock */
export function emptyToken(token: UnlockToken | undefined): UnlockToken {
  if (token === undefined) return new UnlockToken();
  if (typeof token === "object" && token !== null && UnlockToken.isEmpty(token)) return token;
  if (!(token instanceof UnlockToken)) throw wrong("lock", token, "an UnlockToken, or nothing");
  if (token.locked) throw new TypeError("Cannot lock: received a token that holds a lock; expected an empty one");
  if (token.isSpokenFor) {
    throw new TypeError("Cannot lock: received a token whose lock a Condition gives back to it; expected an empty one");
  }
  return token;
}
