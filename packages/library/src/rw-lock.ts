import { mustBeA, mustBeFunction, mustBeTime } from "./arguments.js";
import { addClass } from "./classes.js";
import type { LibraryKernel } from "./kernel.js";
import { isStrict, lockBlocking, lockWithoutBlocking, notOwner, type SleepingMode } from "./locking.js";
import { type Existing, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import type { Synchronous } from "./synchronous.js";
import { inTurn } from "./turns.js";
import { emptyToken, type Relockable, UnlockToken } from "./unlock-token.js";
import { signalFor, TIMED_OUT, timeoutError, type WaitOptions, waitOptions, withPromise } from "./waiting.js";
import { workHolding, workHoldingAsync } from "./with-lock.js";

export interface RwLockOptions {
  /**
   * What a worker gets that locks it after a writer died in it, until another writer has unlocked it. `tell`: a token
   * that is `abandoned`. `throw`: an AbandonedError, which has the token. Default: tell.
   */
  readonly onAbandoned?: "tell" | "throw" | undefined;
}

const LOCK = "lock an RwLock";
const WRITE = `${LOCK} for writing`;
/** The kind of turns of those who want to write. */
const WRITING = 1;
const READ = `${LOCK} for reading`;

/**
 * A readers-writer lock: any number of readers share it, or one writer has it alone.
 *
 * While no writer wants the lock, readers write to no memory that they share. So reading scales with the cores. That
 * costs 128 bytes a slot of the space (8 KiB with 64 workers). A writer looks at the bytes of every worker that has
 * ever read.
 *
 * A writer that wants the lock keeps new readers out; these readers queue with the writers. So neither waits for ever.
 * A worker may read several times at once. It must not wait to write while it reads.
 *
 * After the death of a writer, the next tokens are `abandoned`. The death of a reader changes nothing for others.
 *
 * Every worker of the space may call every method. A method blocks only where its comment says so. On a browser's main
 * thread, a call that would block throws a BlockingError; use the methods that end in `Async` there. Only the worker
 * that has locked can use the token.
 *
 * See docs/library/rw-lock.md.
 *
 * @example
 * ```ts
 * import { RwLock, SharedSpace } from "landspout";
 *
 * const lock = new RwLock(new SharedSpace());
 * lock.withLock(() => console.log("writes alone"));
 * lock.tryLock()?.unlock();
 * lock.lockIfAvailable(100)?.unlock();
 * (await lock.lockAsync({ timeout: 100 })).unlock();
 * (await lock.lockIfAvailableAsync(100))?.unlock();
 * await lock.withLockAsync(async () => console.log("writes alone"));
 * ```
 */
export class RwLock extends SharedObject {
  readonly #writing: SleepingMode & Relockable;
  readonly #reading: SleepingMode;

  /** @throws {SpaceFullError} */
  constructor(space: SharedSpace | Existing, options: RwLockOptions = {}) {
    const create = (kernel: LibraryKernel) => kernel.rw_lock_create(isStrict("make an RwLock", options));
    super(space, "RwLock", create);
    const { kernel } = this.space;
    const { address } = this.handle;
    const common = { kind: "RwLock", strict: kernel.rw_lock_is_strict(address) === 1 };
    this.#writing = {
      ...common,
      attempt: (as) => kernel.rw_lock_attempt(address, as),
      giveUp: () => kernel.rw_lock_give_up(address),
      unlock: () => this.#unlock(kernel.rw_lock_unlock),
      space: this.space,
      relock: (token) => void this.lock(token),
      relockAsync: async (token) =>
        void (await this.#lockWithoutBlocking(
          { ...this.#writing, attempt: withPromise(this.space, this.#writing.attempt) },
          Number.POSITIVE_INFINITY,
          undefined,
          token,
        )),
    };
    this.#reading = {
      ...common,
      attempt: (as) => kernel.rw_lock_attempt_shared(address, as),
      giveUp: () => kernel.rw_lock_give_up_shared(address),
      unlock: () => this.#unlock(kernel.rw_lock_unlock_shared),
    };
  }

  /** `lock.lock(token)`. */
  static lock(lock: RwLock, token?: UnlockToken): UnlockToken {
    return mustBeA(RwLock, lock, LOCK).lock(token);
  }

  /** `lock.lockIfAvailable(milliseconds, token)`. */
  static lockIfAvailable(lock: RwLock, milliseconds: number, token?: UnlockToken): UnlockToken | null {
    return mustBeA(RwLock, lock, LOCK).lockIfAvailable(milliseconds, token);
  }

  /** `lock.lockAsync(options)`. */
  static async lockAsync(lock: RwLock, options?: WaitOptions): Promise<UnlockToken> {
    return mustBeA(RwLock, lock, LOCK).lockAsync(options);
  }

  /** `lock.lockIfAvailableAsync(milliseconds, options)`. */
  static async lockIfAvailableAsync(
    lock: RwLock,
    milliseconds: number,
    options?: Pick<WaitOptions, "signal">,
  ): Promise<UnlockToken | null> {
    return mustBeA(RwLock, lock, LOCK).lockIfAvailableAsync(milliseconds, options);
  }

  /** `lock.lockShared(token)`. */
  static lockShared(lock: RwLock, token?: UnlockToken): UnlockToken {
    return mustBeA(RwLock, lock, LOCK).lockShared(token);
  }

  /** `lock.lockSharedIfAvailable(milliseconds, token)`. */
  static lockSharedIfAvailable(lock: RwLock, milliseconds: number, token?: UnlockToken): UnlockToken | null {
    return mustBeA(RwLock, lock, LOCK).lockSharedIfAvailable(milliseconds, token);
  }

  /** `lock.lockSharedAsync(options)`. */
  static async lockSharedAsync(lock: RwLock, options?: WaitOptions): Promise<UnlockToken> {
    return mustBeA(RwLock, lock, LOCK).lockSharedAsync(options);
  }

  /** `lock.lockSharedIfAvailableAsync(milliseconds, options)`. */
  static async lockSharedIfAvailableAsync(
    lock: RwLock,
    milliseconds: number,
    options?: Pick<WaitOptions, "signal">,
  ): Promise<UnlockToken | null> {
    return mustBeA(RwLock, lock, LOCK).lockSharedIfAvailableAsync(milliseconds, options);
  }

  /** `lock.tryLock(token)`. */
  static tryLock(lock: RwLock, token?: UnlockToken): UnlockToken | null {
    return mustBeA(RwLock, lock, LOCK).tryLock(token);
  }

  /** `lock.withLock(work)`. */
  static withLock<T>(lock: RwLock, work: (token: UnlockToken) => Synchronous<T>): T {
    return mustBeA(RwLock, lock, LOCK).withLock<T>(work);
  }

  /** `lock.withLockAsync(work, options)`. */
  static async withLockAsync<T>(
    lock: RwLock,
    work: (token: UnlockToken) => T,
    options?: WaitOptions,
  ): Promise<Awaited<T>> {
    return mustBeA(RwLock, lock, LOCK).withLockAsync(work, options);
  }

  /** `lock.tryLockShared(token)`. */
  static tryLockShared(lock: RwLock, token?: UnlockToken): UnlockToken | null {
    return mustBeA(RwLock, lock, LOCK).tryLockShared(token);
  }

  /** `lock.withLockShared(work)`. */
  static withLockShared<T>(lock: RwLock, work: (token: UnlockToken) => Synchronous<T>): T {
    return mustBeA(RwLock, lock, LOCK).withLockShared<T>(work);
  }

  /** `lock.withLockSharedAsync(work, options)`. */
  static async withLockSharedAsync<T>(
    lock: RwLock,
    work: (token: UnlockToken) => T,
    options?: WaitOptions,
  ): Promise<Awaited<T>> {
    return mustBeA(RwLock, lock, LOCK).withLockSharedAsync(work, options);
  }

  /**
   * Locks for writing. Blocks until no other worker reads or writes.
   *
   * @param token an empty token, which is filled and returned; without it, a new one is made
   * @throws {DeadlockError} if this worker reads or writes; with landspout/debug as `Mutex.lock`
   * @throws {AbandonedError} if the last writer died, and the lock was made with `onAbandoned: "throw"`
   * @throws {BlockingError} if it has to wait, on a browser's main thread
   * @throws {SpaceFullError} if there is no room to record that this worker holds it
   * @throws {FreedError}
   */
  lock(token?: UnlockToken): UnlockToken {
    return this.lockIfAvailable(Number.POSITIVE_INFINITY, token)!;
  }

  /**
   * Locks for writing if that is possible within `milliseconds`. Blocks at most as long; 0 means at once, Infinity for
   * ever.
   *
   * @returns null if it was not possible in that time
   * @throws as `lock`
   */
  lockIfAvailable(milliseconds: number, token?: UnlockToken): UnlockToken | null {
    mustBeTime(milliseconds, WRITE);
    const empty = emptyToken(token);
    this.mustExist("lock");
    return lockBlocking(this, this.#writing, milliseconds, empty);
  }

  /**
   * Locks for writing without blocking. The promise resolves when it is locked. It may wait for a lock that this worker
   * itself holds. Once it is this request's turn, other workers wait until this worker's event loop comes round.
   *
   * @throws as `lock`, but no DeadlockError; a DOMException of name `TimeoutError`; the signal's reason
   */
  async lockAsync(options?: WaitOptions): Promise<UnlockToken> {
    const { timeout, signal } = waitOptions(WRITE, options);
    const token = await this.#lockWithoutBlocking(this.#writing, timeout, signal);
    if (token === null) throw timeoutError(WRITE, timeout);
    return token;
  }

  /** As `lockAsync`, but resolves with null when the time is over. */
  async lockIfAvailableAsync(milliseconds: number, options?: Pick<WaitOptions, "signal">): Promise<UnlockToken | null> {
    return this.#lockWithoutBlocking(this.#writing, milliseconds, signalFor(WRITE, milliseconds, options));
  }

  /**
   * Locks for writing if that is possible at once. Never blocks.
   *
   * @param token an empty token, which is filled and returned; without it, a new one is made
   * @returns null if it was not possible
   * @throws as `lock`, but no BlockingError and no DeadlockError
   */
  tryLock(token?: UnlockToken): UnlockToken | null {
    return this.lockIfAvailable(0, token);
  }

  /**
   * Locks for writing, calls `work` with the token, and unlocks, also if `work` throws. Blocks until it can lock. The
   * work may unlock the token itself.
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
    return workHolding(WRITE, "withLockAsync", work, () => this.lock());
  }

  /**
   * As `withLock`, without blocking. It awaits what `work` returns, then unlocks. The timeout and the signal end the
   * wait for the lock, not the work.
   *
   * @throws what `work` throws or rejects with, and as `lockAsync`
   */
  async withLockAsync<T>(work: (token: UnlockToken) => T, options?: WaitOptions): Promise<Awaited<T>> {
    mustBeFunction(work, WRITE, "work");
    return workHoldingAsync(work, this.lockAsync(options));
  }

  /**
   * Locks for reading. Blocks while a writer has or wants the lock. A worker that reads already gets it at once.
   *
   * @param token an empty token, which is filled and returned; without it, a new one is made
   * @throws {DeadlockError} if this worker writes; with landspout/debug as `Mutex.lock`
   * @throws besides, as `lock`
   * @example
   * ```ts
   * import { RwLock, SharedSpace } from "landspout";
   *
   * const lock = new RwLock(new SharedSpace());
   * lock.withLockShared(() => console.log("reads with others"));
   * lock.tryLockShared()?.unlock();
   * lock.lockSharedIfAvailable(100)?.unlock();
   * (await lock.lockSharedAsync({ timeout: 100 })).unlock();
   * (await lock.lockSharedIfAvailableAsync(100))?.unlock();
   * await lock.withLockSharedAsync(async () => console.log("reads with others"));
   * ```
   */
  lockShared(token?: UnlockToken): UnlockToken {
    return this.lockSharedIfAvailable(Number.POSITIVE_INFINITY, token)!;
  }

  /**
   * Locks for reading if that is possible within `milliseconds`. Blocks at most as long; 0 means at once, Infinity for
   * ever.
   *
   * @returns null if it was not possible in that time
   * @throws as `lockShared`
   */
  lockSharedIfAvailable(milliseconds: number, token?: UnlockToken): UnlockToken | null {
    mustBeTime(milliseconds, READ);
    const empty = emptyToken(token);
    this.mustExist("lock");
    return lockBlocking(this, this.#reading, milliseconds, empty);
  }

  /**
   * Locks for reading without blocking. The promise resolves when it is locked. It lets writers go first, also if this
   * worker reads. So a worker that reads must not wait for this promise before it unlocks.
   *
   * @throws as `lockShared`, but no DeadlockError; a DOMException of name `TimeoutError`; the signal's reason
   */
  async lockSharedAsync(options?: WaitOptions): Promise<UnlockToken> {
    const { timeout, signal } = waitOptions(READ, options);
    const token = await this.#lockWithoutBlocking(this.#reading, timeout, signal);
    if (token === null) throw timeoutError(READ, timeout);
    return token;
  }

  /** As `lockSharedAsync`, but resolves with null when the time is over. */
  async lockSharedIfAvailableAsync(
    milliseconds: number,
    options?: Pick<WaitOptions, "signal">,
  ): Promise<UnlockToken | null> {
    return this.#lockWithoutBlocking(this.#reading, milliseconds, signalFor(READ, milliseconds, options));
  }

  /**
   * Locks for reading if that is possible at once. Never blocks.
   *
   * @param token an empty token, which is filled and returned; without it, a new one is made
   * @returns null if it was not possible
   * @throws as `lockShared`, but no BlockingError and no DeadlockError
   */
  tryLockShared(token?: UnlockToken): UnlockToken | null {
    return this.lockSharedIfAvailable(0, token);
  }

  /**
   * Locks for reading, calls `work` with the token, and unlocks, also if `work` throws. Blocks until it can lock. The
   * work may unlock the token itself.
   *
   * If the owner before died, the token is `abandoned`. A lock made with `onAbandoned: "throw"` throws an
   * AbandonedError before the work is called. The error's token then holds the lock.
   *
   * @returns what `work` returns
   * @throws what `work` throws, and as `lockShared`
   * @throws {TypeError} if `work` is not a function, is an async function, or returns a promise: the lock would be
   *   released before the promise settles. Use `withLockSharedAsync` for such work
   */
  withLockShared<T>(work: (token: UnlockToken) => Synchronous<T>): T {
    return workHolding(READ, "withLockSharedAsync", work, () => this.lockShared());
  }

  /**
   * As `withLockShared`, without blocking. It awaits what `work` returns, then unlocks. The timeout and the signal end
   * the wait for the lock, not the work.
   *
   * @throws what `work` throws or rejects with, and as `lockSharedAsync`
   */
  async withLockSharedAsync<T>(work: (token: UnlockToken) => T, options?: WaitOptions): Promise<Awaited<T>> {
    mustBeFunction(work, READ, "work");
    return workHoldingAsync(work, this.lockSharedAsync(options));
  }

  /** @internal */
  protected override madeWith(): unknown[] {
    return [{ onAbandoned: this.#writing.strict ? "throw" : "tell" }];
  }

  async #lockWithoutBlocking(
    mode: SleepingMode,
    milliseconds: number,
    signal: AbortSignal | undefined,
    token = new UnlockToken(),
  ): Promise<UnlockToken | null> {
    this.mustExist("lock");
    signal?.throwIfAborted();
    const wait = (left: number) => lockWithoutBlocking(this, mode, left, token, signal);
    // A reader must not wait for a writer that waits for this worker's other reads.
    if (mode === this.#reading || milliseconds <= 0) return wait(milliseconds);
    const result = await inTurn(this, WRITING, milliseconds, signal, wait);
    return result === TIMED_OUT ? null : result;
  }

  #unlock(unlock: (lock: number) => number): void {
    this.mustExist("unlock");
    if (unlock(this.handle.address) === 0) throw notOwner("RwLock");
  }
}
addClass("RwLock", RwLock);
