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
   * What those get who lock it after a writer died in it, until another writer has unlocked it: a token that is
   * `abandoned`, or an AbandonedError that has the token. Default: tell.
   */
  readonly onAbandoned?: "tell" | "throw" | undefined;
}

const LOCK = "lock an RwLock";
const WRITE = `${LOCK} for writing`;
/** The kind of turns of those who want to write. */
const WRITING = 1;
const READ = `${LOCK} for reading`;

/**
 * A readers-writer lock: any number of readers share it, or one writer has it alone. While no writer wants it, readers write
 * to no memory that they share, so that reading scales with the cores; that costs 128 bytes a slot of the space (8 KiB
 * with 64 workers), and a writer looks at those of all workers that ever read.
 *
 * A writer that wants it keeps new readers out; readers that are kept out queue with the writers. So neither waits for
 * ever. A worker may read several times at once, and must not wait to write while it reads. When a writer dies, those who
 * come next learn that by `token.abandoned`; when a reader dies, nobody needs to know.
 *
 * Every worker of the space may call every method. A method blocks only where it says so, and then not on a browser's main
 * thread: the forms that end in `Async` are for that. A token is of use to the worker alone that has locked with it.
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
   * Locks for writing; blocks until it can.
   *
   * @param token an empty one, to be filled and returned
   * @throws {DeadlockError} if this worker writes or reads; with landspout/debug as `Mutex.lock`
   * @throws {AbandonedError} if the last writer died, and the lock was made so
   * @throws {BlockingError} if it has to wait, on a browser's main thread
   * @throws {SpaceFullError} if there is no room to write down that the worker holds it
   * @throws {FreedError}
   */
  lock(token?: UnlockToken): UnlockToken {
    return this.lockIfAvailable(Number.POSITIVE_INFINITY, token)!;
  }

  /**
   * Locks for writing if that is possible within `milliseconds`: 0 for at once, Infinity for ever; blocks so long at most.
   *
   * @returns null if it was not possible
   * @throws as `lock`
   */
  lockIfAvailable(milliseconds: number, token?: UnlockToken): UnlockToken | null {
    mustBeTime(milliseconds, WRITE);
    const empty = emptyToken(token);
    this.mustExist("lock");
    return lockBlocking(this, this.#writing, milliseconds, empty);
  }

  /**
   * Locks for writing, without blocking; the promise resolves when it is locked. What it waits for may be this worker's own. Once it is
   * its turn, others wait until this worker's event loop comes round.
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
   * Locks for writing if that is possible at once; never blocks.
   *
   * @param token an empty one, to be filled and returned
   * @returns null if it was not possible
   * @throws as `lock`, but no BlockingError and no DeadlockError
   */
  tryLock(token?: UnlockToken): UnlockToken | null {
    return this.lockIfAvailable(0, token);
  }

  /**
   * Locks for writing, calls `work` with the token, and unlocks, whatever becomes of the work, which may have unlocked it itself; blocks
   * until it can lock. Where the owner before died, `token.abandoned` says so to the work; a lock that throws then throws
   * here, before the work is called, and its AbandonedError has the token, which holds the lock.
   *
   * @returns what `work` returns
   * @throws what `work` throws, and as `lock`
   * @throws {TypeError} if `work` is no function, or an async one; or if it returns a promise: the lock would be let go before
   *   that settles; see `withLockAsync`
   */
  withLock<T>(work: (token: UnlockToken) => Synchronous<T>): T {
    return workHolding(WRITE, "withLockAsync", work, () => this.lock());
  }

  /**
   * As `withLock`, without blocking: what `work` returns is awaited before it unlocks. The timeout and the signal end the wait
   * for the lock, not the work.
   *
   * @throws what `work` throws or rejects with, and as `lockAsync`
   */
  async withLockAsync<T>(work: (token: UnlockToken) => T, options?: WaitOptions): Promise<Awaited<T>> {
    mustBeFunction(work, WRITE, "work");
    return workHoldingAsync(work, this.lockAsync(options));
  }

  /**
   * Locks for reading; blocks until it can. A worker that reads gets in at once.
   *
   * @param token an empty one, to be filled and returned
   * @throws {DeadlockError} if this worker writes; with landspout/debug as `Mutex.lock`
   * @throws as `lock` besides
   */
  lockShared(token?: UnlockToken): UnlockToken {
    return this.lockSharedIfAvailable(Number.POSITIVE_INFINITY, token)!;
  }

  /**
   * Locks for reading if that is possible within `milliseconds`: 0 for at once, Infinity for ever; blocks so long at most.
   *
   * @returns null if it was not possible
   * @throws as `lockShared`
   */
  lockSharedIfAvailable(milliseconds: number, token?: UnlockToken): UnlockToken | null {
    mustBeTime(milliseconds, READ);
    const empty = emptyToken(token);
    this.mustExist("lock");
    return lockBlocking(this, this.#reading, milliseconds, empty);
  }

  /**
   * Locks for reading, without blocking; the promise resolves when it is locked. It lets writers
   * go first, also where this worker reads: who reads must not wait for it to read once more.
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
   * Locks for reading if that is possible at once; never blocks.
   *
   * @param token an empty one, to be filled and returned
   * @returns null if it was not possible
   * @throws as `lockShared`, but no BlockingError and no DeadlockError
   */
  tryLockShared(token?: UnlockToken): UnlockToken | null {
    return this.lockSharedIfAvailable(0, token);
  }

  /**
   * Locks for reading, calls `work` with the token, and unlocks, whatever becomes of the work, which may have unlocked it itself; blocks
   * until it can lock. Where the owner before died, `token.abandoned` says so to the work; a lock that throws then throws
   * here, before the work is called, and its AbandonedError has the token, which holds the lock.
   *
   * @returns what `work` returns
   * @throws what `work` throws, and as `lockShared`
   * @throws {TypeError} if `work` is no function, or an async one; or if it returns a promise: the lock would be let go before
   *   that settles; see `withLockSharedAsync`
   */
  withLockShared<T>(work: (token: UnlockToken) => Synchronous<T>): T {
    return workHolding(READ, "withLockSharedAsync", work, () => this.lockShared());
  }

  /**
   * As `withLockShared`, without blocking: what `work` returns is awaited before it unlocks. The timeout and the signal end the wait
   * for the lock, not the work.
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
