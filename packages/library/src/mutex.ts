/**
 * The waits are those of waiting.ts and turns.ts, without the modes of locking.ts that the other locks have: an uncontended pair
 * of `lock` and `unlock` is what programs call most, and here each is one call of the kernel with no closure between.
 */
import { AbandonedError } from "./abandoned-error.js";
import { mustBeA, mustBeFunction, mustBeTime } from "./arguments.js";
import { addClass } from "./classes.js";
import type { LibraryKernel } from "./kernel.js";
import { isStrict, notOwner } from "./locking.js";
import { ACQUIRED, ACQUIRED_ABANDONED, DEADLOCK, mustSucceed } from "./results.js";
import { type Existing, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import type { Synchronous } from "./synchronous.js";
import { mustWaitForTurn, waitInTurn } from "./turns.js";
import { emptyToken, type Relockable, UnlockToken } from "./unlock-token.js";
import {
  signalFor,
  TIMED_OUT,
  timeoutError,
  type WaitOptions,
  waitBlocking,
  waitOptions,
  withPromise,
} from "./waiting.js";
import { workHolding, workHoldingAsync } from "./with-lock.js";

export interface MutexOptions {
  /**
   * What its users get who lock it after its owner died: a token that is `abandoned`, or an AbandonedError that has the
   * token. Default: tell.
   */
  readonly onAbandoned?: "tell" | "throw" | undefined;
}

const LOCK = "lock a Mutex";

/**
 * A mutual-exclusion lock. One of those who wait, the heir, looks whether the lock is free: it spins while the owner can be
 * running and there are cores for all, else it sleeps. The others sleep until there is no heir; the one that has slept longest is
 * the next. An heir that was overtaken for too long demands the lock, and gets it at the next release: so nobody waits for
 * ever. When a worker dies that holds it, the next one gets it, with `token.abandoned === true`.
 *
 * An uncontended `lock` and `unlock` are two atomic instructions. Not recursive.
 *
 * Every worker of the space may call every method. A method blocks only where it says so, and then not on a browser's main
 * thread: the forms that end in `Async` are for that. A token is of use to the worker alone that has locked with it.
 */
export class Mutex extends SharedObject implements Relockable {
  readonly #kernel: LibraryKernel;
  readonly #address: number;
  readonly #identity: number;

  readonly #strict: boolean;

  /** @throws {SpaceFullError} */
  constructor(space: SharedSpace | Existing, options: MutexOptions = {}) {
    const create = (kernel: LibraryKernel) => kernel.mutex_create(isStrict("make a Mutex", options));
    super(space, "Mutex", create);
    this.#kernel = this.space.kernel;
    this.#address = this.handle.address;
    this.#identity = this.handle.identity;
    this.#strict = this.#kernel.mutex_is_strict(this.#address) === 1;
  }

  /** `mutex.lock(token)`. */
  static lock(mutex: Mutex, token?: UnlockToken): UnlockToken {
    return mustBeA(Mutex, mutex, LOCK).lock(token);
  }

  /** `mutex.lockIfAvailable(milliseconds, token)`. */
  static lockIfAvailable(mutex: Mutex, milliseconds: number, token?: UnlockToken): UnlockToken | null {
    return mustBeA(Mutex, mutex, LOCK).lockIfAvailable(milliseconds, token);
  }

  /** `mutex.lockAsync(options)`. */
  static async lockAsync(mutex: Mutex, options?: WaitOptions): Promise<UnlockToken> {
    return mustBeA(Mutex, mutex, LOCK).lockAsync(options);
  }

  /** `mutex.lockIfAvailableAsync(milliseconds, options)`. */
  static async lockIfAvailableAsync(
    mutex: Mutex,
    milliseconds: number,
    options?: Pick<WaitOptions, "signal">,
  ): Promise<UnlockToken | null> {
    return mustBeA(Mutex, mutex, LOCK).lockIfAvailableAsync(milliseconds, options);
  }

  /** `mutex.tryLock(token)`. */
  static tryLock(mutex: Mutex, token?: UnlockToken): UnlockToken | null {
    return mustBeA(Mutex, mutex, LOCK).tryLock(token);
  }

  /** `mutex.withLock(work)`. */
  static withLock<T>(mutex: Mutex, work: (token: UnlockToken) => Synchronous<T>): T {
    return mustBeA(Mutex, mutex, LOCK).withLock<T>(work);
  }

  /** `mutex.withLockAsync(work, options)`. */
  static async withLockAsync<T>(
    mutex: Mutex,
    work: (token: UnlockToken) => T,
    options?: WaitOptions,
  ): Promise<Awaited<T>> {
    return mustBeA(Mutex, mutex, LOCK).withLockAsync(work, options);
  }

  /**
   * Locks; blocks until it can.
   *
   * @param token an empty one, to be filled and returned
   * @throws {DeadlockError} if this worker holds it; or would wait for others that wait for it, where landspout/debug is enabled
   * @throws {AbandonedError} if its last owner died, and the mutex was made so
   * @throws {BlockingError} if it is held, on a browser's main thread
   * @throws {FreedError}
   */
  lock(token?: UnlockToken): UnlockToken {
    const empty = emptyToken(token);
    return this.#tryLock() ? empty.take(this, false) : this.#lockWaiting(empty, Number.POSITIVE_INFINITY)!;
  }

  /**
   * Locks if that is possible within `milliseconds`: 0 for at once, Infinity for ever; blocks so long at most.
   *
   * @returns null if it was not possible
   * @throws as `lock`
   */
  lockIfAvailable(milliseconds: number, token?: UnlockToken): UnlockToken | null {
    mustBeTime(milliseconds, LOCK);
    const empty = emptyToken(token);
    return this.#tryLock() ? empty.take(this, false) : this.#lockWaiting(empty, milliseconds);
  }

  /**
   * Locks, without blocking; the promise resolves when it is locked. Fit for event loops: a worker may wait several times at
   * once, and these requests are served in their order.
   */
  async lockAsync(options?: WaitOptions): Promise<UnlockToken> {
    const { timeout, signal } = waitOptions(LOCK, options);
    const token = this.#lockAtOnce(signal) ?? (await this.#lockWithoutBlocking(new UnlockToken(), timeout, signal));
    if (token === null) throw timeoutError(LOCK, timeout);
    return token;
  }

  /** As `lockAsync`, but resolves with null when the time is over. */
  async lockIfAvailableAsync(milliseconds: number, options?: Pick<WaitOptions, "signal">): Promise<UnlockToken | null> {
    const signal = signalFor(LOCK, milliseconds, options);
    return this.#lockAtOnce(signal) ?? this.#lockWithoutBlocking(new UnlockToken(), milliseconds, signal);
  }

  /**
   * Locks if that is possible at once; never blocks.
   *
   * @param token an empty one, to be filled and returned
   * @returns null if it was not possible
   * @throws as `lock`, but no BlockingError and no DeadlockError
   */
  tryLock(token?: UnlockToken): UnlockToken | null {
    return this.lockIfAvailable(0, token);
  }

  /**
   * Locks, calls `work` with the token, and unlocks, whatever becomes of the work, which may have unlocked it itself; blocks
   * until it can lock. Where the owner before died, `token.abandoned` says so to the work; a lock that throws then throws
   * here, before the work is called, and its AbandonedError has the token, which holds the lock.
   *
   * @returns what `work` returns
   * @throws what `work` throws, and as `lock`
   * @throws {TypeError} if `work` is no function, or an async one; or if it returns a promise: the lock would be let go before
   *   that settles; see `withLockAsync`
   */
  withLock<T>(work: (token: UnlockToken) => Synchronous<T>): T {
    return workHolding(LOCK, "withLockAsync", work, () => this.lock());
  }

  /**
   * As `withLock`, without blocking: what `work` returns is awaited before it unlocks. The timeout and the signal end the wait
   * for the lock, not the work.
   *
   * @throws what `work` throws or rejects with, and as `lockAsync`
   */
  async withLockAsync<T>(work: (token: UnlockToken) => T, options?: WaitOptions): Promise<Awaited<T>> {
    mustBeFunction(work, LOCK, "work");
    return workHoldingAsync(work, this.lockAsync(options));
  }

  /** @internal */
  relock(token: UnlockToken): void {
    this.lock(token);
  }

  /** @internal */
  async relockAsync(token: UnlockToken): Promise<void> {
    await this.#lockWithoutBlocking(token, Number.POSITIVE_INFINITY, undefined, withPromise(this.space, this.#attempt));
  }

  /** False also where it was freed. */
  #tryLock(): boolean {
    return this.#kernel.mutex_try_lock(this.#address, this.#identity) === ACQUIRED;
  }

  #lockWaiting(empty: UnlockToken, milliseconds: number): UnlockToken | null {
    this.mustExist("lock");
    const result = this.#wait(milliseconds);
    // Who does not wait, does not wait for itself: another task of this worker may hold it.
    return result === DEADLOCK && milliseconds === 0 ? null : this.#fill(empty, result);
  }

  readonly #attempt = (as: number): number => this.#kernel.mutex_attempt(this.#address, as);

  /** Before a form that does not block begins to wait, which takes promises of its own. */
  #lockAtOnce(signal: AbortSignal | undefined): UnlockToken | null {
    signal?.throwIfAborted();
    this.mustExist("lock");
    return mustWaitForTurn(this) || !this.#tryLock() ? null : new UnlockToken().take(this, false);
  }

  async #lockWithoutBlocking(token: UnlockToken, milliseconds: number, signal?: AbortSignal, attempt = this.#attempt) {
    this.mustExist("lock");
    return this.#fill(token, await waitInTurn(this, attempt, milliseconds, signal));
  }

  /** @internal */
  unlock(): void {
    if (this.#kernel.mutex_unlock(this.#address, this.#identity) !== 0) return;
    this.mustExist("unlock");
    throw notOwner("Mutex");
  }

  /** @internal */
  protected override madeWith(): unknown[] {
    return [{ onAbandoned: this.#strict ? "throw" : "tell" }];
  }

  #wait(milliseconds: number): number {
    let result = TIMED_OUT;
    try {
      result = waitBlocking(this, this.#attempt, milliseconds);
    } finally {
      if (result === TIMED_OUT) this.#kernel.mutex_give_up(this.freed ? 0 : this.#address);
    }
    return result;
  }

  #fill(token: UnlockToken, result: number): UnlockToken | null {
    if (result === TIMED_OUT) return null;
    mustSucceed(result, "lock", "Mutex");
    token.take(this, result === ACQUIRED_ABANDONED);
    if (token.abandoned && this.#strict) throw new AbandonedError(token);
    return token;
  }
}
addClass("Mutex", Mutex);
