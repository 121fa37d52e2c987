import type { LibraryKernel } from "./kernel.js";
import { lockBlocking, lockWithout, notOwner, type SleepingWay } from "./locking.js";
import { type Existing, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { emptyToken, UnlockToken } from "./unlock-token.js";
import { timeoutError, type WaitOptions } from "./waiting.js";

export interface MutexOptions {
  /**
   * What its users get who lock it after its owner died: a token that is `abandoned`, or an AbandonedError that has the
   * token. Default: tell.
   */
  readonly onAbandoned?: "tell" | "throw";
}

/**
 * A mutual-exclusion lock. It spins while its owner can be running and there are cores for all, then sleeps; whoever has
 * waited longest is handed it now and then, so that nobody waits for ever. When a worker dies that holds it, the next one
 * gets it, with `token.abandoned === true`.
 *
 * An uncontended `lock` and `unlock` are two atomic instructions. Not recursive.
 */
export class Mutex extends SharedObject {
  readonly #kernel: LibraryKernel;
  readonly #address: number;
  readonly #way: SleepingWay;

  /** @throws {SpaceFullError} */
  constructor(space: SharedSpace, { onAbandoned = "tell" }: MutexOptions = {}, at?: Existing) {
    super(space, "Mutex", at ?? space.made("a Mutex", space.kernel.mutex_create(onAbandoned === "throw" ? 1 : 0)));
    this.#kernel = space.kernel;
    this.#address = this.handle.address;
    this.#way = {
      kind: "Mutex",
      strict: this.#kernel.mutex_is_strict(this.#address) === 1,
      attempt: (as) => this.#kernel.mutex_attempt(this.#address, as),
      giveUp: () => this.#kernel.mutex_give_up(),
      unlock: () => this.#unlock(),
    };
  }

  static lock(mutex: Mutex, token?: UnlockToken): UnlockToken {
    return mutex.lock(token);
  }

  static lockIfAvailable(mutex: Mutex, milliseconds: number, token?: UnlockToken): UnlockToken | null {
    return mutex.lockIfAvailable(milliseconds, token);
  }

  static lockAsync(mutex: Mutex, options?: WaitOptions): Promise<UnlockToken> {
    return mutex.lockAsync(options);
  }

  static lockIfAvailableAsync(
    mutex: Mutex,
    milliseconds: number,
    options?: Pick<WaitOptions, "signal">,
  ): Promise<UnlockToken | null> {
    return mutex.lockIfAvailableAsync(milliseconds, options);
  }

  /**
   * Locks; blocks until it can.
   *
   * @param token an empty one, to be filled and returned
   * @throws {DeadlockError} if this worker holds it
   * @throws {AbandonedError} if its last owner died, and the mutex was made so
   * @throws {BlockingError} if it is held, on a browser's main thread
   * @throws {FreedError}
   */
  lock(token?: UnlockToken): UnlockToken {
    return this.lockIfAvailable(Number.POSITIVE_INFINITY, token)!;
  }

  /**
   * Locks if that is possible within `milliseconds`: 0 for at once, Infinity for ever; blocks so long at most.
   *
   * @returns null if it was not possible
   * @throws as `lock`
   */
  lockIfAvailable(milliseconds: number, token?: UnlockToken): UnlockToken | null {
    const empty = emptyToken(token);
    this.mustExist("lock");
    if (this.#kernel.mutex_try_lock(this.#address) === 0) return empty.take(this.#way, false);
    return lockBlocking(this.space, this.#way, milliseconds, empty);
  }

  /**
   * Locks, without blocking; the promise resolves when it is locked. Fit for event loops; a worker may wait several
   * times at once, and they are not served in order.
   */
  async lockAsync({ timeout = Number.POSITIVE_INFINITY, signal }: WaitOptions = {}): Promise<UnlockToken> {
    const token = await this.lockIfAvailableAsync(timeout, signal && { signal });
    if (token === null) throw timeoutError("lock a Mutex", timeout);
    return token;
  }

  /** As `lockAsync`, but resolves with null when the time is over. */
  async lockIfAvailableAsync(
    milliseconds: number,
    { signal }: Pick<WaitOptions, "signal"> = {},
  ): Promise<UnlockToken | null> {
    this.mustExist("lock");
    return lockWithout(this.space, this.#way, milliseconds, new UnlockToken(), signal);
  }

  #unlock(): void {
    if (this.#kernel.mutex_unlock(this.#address) === 1) return;
    this.mustExist("unlock");
    throw notOwner("Mutex");
  }
}
