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
 * The right to unlock what `lock` has locked, as in TC39's structs proposal. It belongs to one worker, and cannot be
 * passed to another. `lock(token)` fills an empty token again, and then allocates nothing.
 *
 * See docs/library/mutex.md.
 *
 * @example
 * ```ts
 * import { Mutex, SharedSpace, UnlockToken } from "landspout";
 *
 * const mutex = new Mutex(new SharedSpace());
 * const token = new UnlockToken();
 * mutex.lock(token);
 * console.log(token.locked, token.abandoned); // true false
 * token.unlock();
 * ```
 */
export class UnlockToken {
  /** @internal As `addClass`. */
  static readonly name: string = "UnlockToken";
  #lock: Unlockable | undefined;
  #abandoned = false;
  /** @internal Whether a wait has let its lock go, and will fill it again. */
  accessor isSpokenFor = false;
  /** @internal What to do once it is unlocked, next time. */
  accessor afterUnlock: (() => void) | undefined;

  /** Whether this token holds a lock. */
  get locked(): boolean {
    return this.#lock !== undefined;
  }

  /**
   * Whether the owner before died with the lock that was last taken with this token. What the lock protects may then be
   * half changed.
   */
  get abandoned(): boolean {
    return this.#abandoned;
  }

  /**
   * Unlocks. Never blocks.
   *
   * @returns false if the token holds no lock
   * @throws {NotOwnerError} if the lock was taken away from this worker
   * @throws {FreedError}
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

  /** @internal Not `instanceof`: what is made of the prototype alone is no token, nor is a Proxy of one. */
  static is(value: unknown): value is UnlockToken {
    return typeof value === "object" && value !== null && #lock in value;
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
  if (!UnlockToken.is(token)) throw wrong("lock", token, "an UnlockToken of this copy of the library, or nothing");
  if (token.locked) throw new TypeError("Cannot lock: received a token that holds a lock; expected an empty one");
  if (token.isSpokenFor) {
    throw new TypeError(
      "Cannot lock: received a token that waits on a Condition; expected an empty one that is not in use",
    );
  }
  return token;
}
