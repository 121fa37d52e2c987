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
   * What a worker gets that locks it after its owner died. `tell`: a token that is `abandoned`. `throw`: an
   * AbandonedError, which has the token. Default: tell.
   */
  readonly onAbandoned?: "tell" | "throw" | undefined;
}

const LOCK = "lock a Mutex";

/**
 * A mutual-exclusion lock: one worker at a time holds it. It is not recursive. An uncontended `lock` and `unlock` are
 * two atomic instructions.
 *
 * One of the waiting workers, the heir, looks whether the lock is free. The heir spins while the owner can be running
 * and there are cores for all workers; else it sleeps. The other waiting workers sleep until there is no heir. Then the
 * worker that has slept longest becomes the heir. An heir that was overtaken for too long demands the lock, and gets it
 * at the next release. So no worker waits for ever.
 *
 * When a worker dies that holds the lock, the next owner's token has `token.abandoned === true`.
 *
 * Every worker of the space may call every method. A method blocks only where its comment says so. On a browser's main
 * thread, a call that would block throws a BlockingError; use the methods that end in `Async` there. Only the worker
 * that has locked can use the token.
 *
 * See docs/library/mutex.md.
 *
 * @example
 * ```ts
 * import { Mutex, SharedSpace } from "landspout";
 *
 * const mutex = new Mutex(new SharedSpace());
 * mutex.withLock(() => console.log("locked"));
 * mutex.tryLock()?.unlock();
 * mutex.lockIfAvailable(100)?.unlock();
 * (await mutex.lockAsync({ timeout: 100 })).unlock();
 * (await mutex.lockIfAvailableAsync(100))?.unlock();
 * await mutex.withLockAsync(async () => console.log("locked"));
 * ```
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
   * Locks. Blocks until the lock is free.
   *
   * @param token an empty token, which is filled and returned; without it, a new one is made
   * @throws {DeadlockError} if this worker holds it; with landspout/debug, also if the wait closes a cycle of waiting
   *   workers
   * @throws {AbandonedError} if its last owner died, and the mutex was made with `onAbandoned: "throw"`
   * @throws {BlockingError} if it is held, on a browser's main thread
   * @throws {FreedError}
   */
  lock(token?: UnlockToken): UnlockToken {
    const empty = emptyToken(token);
    return this.#tryLock() ? empty.take(this, false) : this.#lockWaiting(empty, Number.POSITIVE_INFINITY)!;
  }

  /**
   * Locks if that is possible within `milliseconds`. Blocks at most as long; 0 means at once, Infinity for ever.
   *
   * @returns null if it was not possible in that time
   * @throws as `lock`
   */
  lockIfAvailable(milliseconds: number, token?: UnlockToken): UnlockToken | null {
    mustBeTime(milliseconds, LOCK);
    const empty = emptyToken(token);
    return this.#tryLock() ? empty.take(this, false) : this.#lockWaiting(empty, milliseconds);
  }

  /**
   * Locks without blocking. The promise resolves when it is locked. A worker may wait several times at once; its
   * requests are served in their order.
   *
   * @throws as `lock`, but no DeadlockError; a DOMException of name `TimeoutError`; the signal's reason
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
   * Locks if that is possible at once. Never blocks.
   *
   * @param token an empty token, which is filled and returned; without it, a new one is made
   * @returns null if it was not possible
   * @throws as `lock`, but no BlockingError and no DeadlockError
   */
  tryLock(token?: UnlockToken): UnlockToken | null {
    return this.lockIfAvailable(0, token);
  }

  /**
   * Locks, calls `work` with the token, and unlocks, also if `work` throws. Blocks until it can lock. The work may
   * unlock the token itself.
   *
   * If the owner before died, the token is `abandoned`. A lock made with `onAbandoned: "throw"` throws an
   * AbandonedError before the work is called. The error's token then holds the lock.
   *
   * @returns what `work` returns
   * @throws what `work` throws, and as `lock`
   * @throws {TypeError} if `work` is not a function, is an async function, or returns a promise: the lock would be
   *   released before the promise settles. Use `withLockAsync` for such work
   */
  withLock<T>(work: (token: UnlockToken) => Synchronous<T>): T {
    return workHolding(LOCK, "withLockAsync", work, () => this.lock());
  }

  /**
   * As `withLock`, without blocking. It awaits what `work` returns, then unlocks. The timeout and the signal end the
   * wait for the lock, not the work.
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
