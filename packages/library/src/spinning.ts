import { aOrAn, mustBeA, mustBeBoolean, mustBeFunction, mustBeTime } from "./arguments.js";
import { mustBeAbleToBlock } from "./blocking.js";
import { OversubscribedError } from "./errors.js";
import type { LibraryKernel } from "./kernel.js";
import { fillToken, isStrict, type LockMode, notOwner } from "./locking.js";
import { BUSY, DEADLOCK } from "./results.js";
import { type Existing, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import type { Synchronous } from "./synchronous.js";
import { inTurn, mustWaitForTurn } from "./turns.js";
import { emptyToken, UnlockToken } from "./unlock-token.js";
import { signalFor, TIMED_OUT, timeoutError, type WaitOptions, waitOptions } from "./waiting.js";
import { workHolding, workHoldingAsync } from "./with-lock.js";

export interface SpinningLockOptions {
  /**
   * Allows to make it, and to wait for it, also while more workers use the space than there are cores. Default: false.
   */
  readonly force?: boolean | undefined;
  /** What a worker gets that locks it after its owner died, as for a Mutex. Default: tell. */
  readonly onAbandoned?: "tell" | "throw" | undefined;
}

/** By their classes: what the kernel's functions begin with. */
const PREFIXES = { TicketLock: "ticket_lock", McsLock: "mcs_lock" } as const;
/** Those called often; looked up at each call: once the space is closed, the kernel's functions are others. */
const OFTEN = {
  TicketLock: {
    take: (kernel: LibraryKernel, lock: number) => kernel.ticket_lock_try(lock),
    letGo: (kernel: LibraryKernel, lock: number) => kernel.ticket_lock_unlock(lock),
  },
  McsLock: {
    take: (kernel: LibraryKernel, lock: number) => kernel.mcs_lock_try(lock),
    letGo: (kernel: LibraryKernel, lock: number) => kernel.mcs_lock_unlock(lock),
  },
};

const OPTIONS = ["force", "onAbandoned"];

/**
 * A lock whose waiting workers spin: a TicketLock or an McsLock. While more workers use the space than there are cores,
 * a spinning worker keeps others from running. Then the lock can be neither made nor waited for, unless it is forced.
 *
 * See docs/library/fifo-locks.md.
 *
 * @example
 * ```ts
 * import { SharedSpace, TicketLock } from "landspout";
 *
 * const lock = new TicketLock(new SharedSpace());
 * lock.withLock(() => console.log("locked"));
 * lock.tryLock()?.unlock();
 * lock.lockIfAvailable(100)?.unlock();
 * (await lock.lockAsync({ timeout: 100 })).unlock();
 * (await lock.lockIfAvailableAsync(100))?.unlock();
 * await lock.withLockAsync(async () => console.log("locked"));
 * ```
 */
export abstract class SpinningLock extends SharedObject {
  /** @internal As `addClass`. */
  static override readonly name: string = "SpinningLock";
  readonly #address: number;
  /** How errors say what locking it is. */
  readonly #locking: string;
  readonly #mode: LockMode;
  readonly #forced: boolean;
  readonly #kernel: LibraryKernel;
  readonly #often: (typeof OFTEN)[keyof typeof OFTEN];

  /**
   * @throws {OversubscribedError} if more workers use the space than there are cores, unless forced
   * @throws {SpaceFullError}
   */
  protected constructor(at: SharedSpace | Existing, kind: keyof typeof PREFIXES, options: SpinningLockOptions) {
    const prefix = PREFIXES[kind];
    const one = aOrAn(kind);
    const make = (kernel: LibraryKernel) => {
      const strict = isStrict(`make ${one}`, options, OPTIONS);
      const { force = false } = options;
      mustBeBoolean(force, `make ${one}`, "force");
      if (!force) mustHaveCores(kernel, `make ${one}`);
      return kernel[`${prefix}_create`](strict, force ? 1 : 0);
    };
    super(at, kind, make);
    const { kernel } = this.space;
    this.#kernel = kernel;
    this.#often = OFTEN[kind];
    this.#address = this.handle.address;
    this.#locking = `lock ${one}`;
    this.#forced = kernel[`${prefix}_is_forced`](this.#address) === 1;
    this.#mode = {
      kind,
      strict: kernel[`${prefix}_is_strict`](this.#address) === 1,
      unlock: () => this.#mustUnlock(kind),
    };
  }

  /** `lock.lock(token)`. */
  static lock(lock: SpinningLock, token?: UnlockToken): UnlockToken {
    return theLock(lock).lock(token);
  }

  /** `lock.lockIfAvailable(milliseconds, token)`. */
  static lockIfAvailable(lock: SpinningLock, milliseconds: number, token?: UnlockToken): UnlockToken | null {
    return theLock(lock).lockIfAvailable(milliseconds, token);
  }

  /** `lock.lockAsync(options)`. */
  static async lockAsync(lock: SpinningLock, options?: WaitOptions): Promise<UnlockToken> {
    return theLock(lock).lockAsync(options);
  }

  /** `lock.lockIfAvailableAsync(milliseconds, options)`. */
  static async lockIfAvailableAsync(
    lock: SpinningLock,
    milliseconds: number,
    options?: Pick<WaitOptions, "signal">,
  ): Promise<UnlockToken | null> {
    return theLock(lock).lockIfAvailableAsync(milliseconds, options);
  }

  /** `lock.tryLock(token)`. */
  static tryLock(lock: SpinningLock, token?: UnlockToken): UnlockToken | null {
    return theLock(lock).tryLock(token);
  }

  /** `lock.withLock(work)`. */
  static withLock<T>(lock: SpinningLock, work: (token: UnlockToken) => Synchronous<T>): T {
    return theLock(lock).withLock<T>(work);
  }

  /** `lock.withLockAsync(work, options)`. */
  static async withLockAsync<T>(
    lock: SpinningLock,
    work: (token: UnlockToken) => T,
    options?: WaitOptions,
  ): Promise<Awaited<T>> {
    return theLock(lock).withLockAsync(work, options);
  }

  /**
   * Locks. Spins until the lock is this worker's.
   *
   * @param token an empty token, which is filled and returned; without it, a new one is made
   * @throws {DeadlockError} if this worker holds it, or waits for it without blocking; with landspout/debug as
   *   `Mutex.lock`
   * @throws {OversubscribedError} if it has to wait while there are more workers than cores, and is not forced
   * @throws {AbandonedError} if its last owner died, and the lock was made with `onAbandoned: "throw"`
   * @throws {BlockingError} if it is held, on a browser's main thread
   * @throws {FreedError}
   */
  lock(token?: UnlockToken): UnlockToken {
    return this.lockIfAvailable(Number.POSITIVE_INFINITY, token)!;
  }

  /**
   * Locks if that is possible within `milliseconds`. Spins at most as long; 0 means at once, Infinity for ever, as
   * `lock`.
   *
   * @returns null if it was not possible in that time
   * @throws as `lock`
   */
  lockIfAvailable(milliseconds: number, token?: UnlockToken): UnlockToken | null {
    mustBeTime(milliseconds, this.#locking);
    const empty = emptyToken(token);
    let result = this.#try();
    if (result === BUSY && milliseconds > 0) {
      mustBeAbleToBlock();
      this.#mayWait();
      result = this.spin(milliseconds);
    }
    // Who does not wait, does not wait for itself: another task of this worker may hold it.
    const isBusy = result === BUSY || (result === DEADLOCK && milliseconds === 0);
    return isBusy ? null : fillToken(this.#mode, empty, result);
  }

  /**
   * Locks without blocking. The promise resolves when it is locked. It looks at the lock each time the event loop comes
   * round. Requests of one worker are served in their order.
   *
   * @throws as `lock`, but no DeadlockError; a DOMException of name `TimeoutError`; the signal's reason
   */
  async lockAsync(options?: WaitOptions): Promise<UnlockToken> {
    const { timeout, signal } = waitOptions(this.#locking, options);
    const token = await this.#lockWithoutBlocking(timeout, signal);
    if (token === null) throw timeoutError(this.#locking, timeout);
    return token;
  }

  /** As `lockAsync`, but resolves with null when the time is over. */
  async lockIfAvailableAsync(milliseconds: number, options?: Pick<WaitOptions, "signal">): Promise<UnlockToken | null> {
    return this.#lockWithoutBlocking(milliseconds, signalFor(this.#locking, milliseconds, options));
  }

  async #lockWithoutBlocking(milliseconds: number, signal: AbortSignal | undefined): Promise<UnlockToken | null> {
    signal?.throwIfAborted();
    let result = milliseconds > 0 && mustWaitForTurn(this) ? BUSY : this.#try();
    if ((result === BUSY || result === DEADLOCK) && milliseconds > 0) {
      this.#mayWait();
      const polled = await inTurn(this, 0, milliseconds, signal, (left) => this.#pollWatched(left, signal));
      result = polled === TIMED_OUT ? BUSY : polled;
    }
    return result === BUSY || result === DEADLOCK ? null : fillToken(this.#mode, new UnlockToken(), result);
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
   * Locks, calls `work` with the token, and unlocks, also if `work` throws. Spins until it can lock. The work may
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
    return workHolding(this.#locking, "withLockAsync", work, () => this.lock());
  }

  /**
   * As `withLock`, without blocking. It awaits what `work` returns, then unlocks. The timeout and the signal end the
   * wait for the lock, not the work.
   *
   * @throws what `work` throws or rejects with, and as `lockAsync`
   */
  async withLockAsync<T>(work: (token: UnlockToken) => T, options?: WaitOptions): Promise<Awaited<T>> {
    mustBeFunction(work, this.#locking, "work");
    return workHoldingAsync(work, this.lockAsync(options));
  }

  /** @internal The result of waiting, BUSY when the time is over. */
  protected abstract spin(milliseconds: number): number;

  /** @internal As `spin`, without blocking. */
  protected abstract poll(milliseconds: number, signal: AbortSignal | undefined): Promise<number>;

  /** @internal Spins under the eyes of landspout/debug. */
  protected watched(milliseconds: number, wait: () => number): number {
    const { watcher } = this.space;
    try {
      watcher?.begins(this.#address, milliseconds);
      watcher?.waits();
      return wait();
    } finally {
      watcher?.ends();
    }
  }

  /** @internal */
  protected override madeWith(): unknown[] {
    return [{ force: this.#forced, onAbandoned: this.#mode.strict ? "throw" : "tell" }];
  }

  async #pollWatched(milliseconds: number, signal: AbortSignal | undefined): Promise<number> {
    const ends = this.space.watcher?.beginsWithoutBlocking(this.#address);
    try {
      return await this.poll(milliseconds, signal);
    } finally {
      ends?.();
    }
  }

  #try(): number {
    this.mustExist("lock");
    return this.#often.take(this.#kernel, this.#address);
  }

  #mayWait(): void {
    if (!this.#forced) mustHaveCores(this.#kernel, `wait to ${this.#locking}`);
  }

  #mustUnlock(kind: string): void {
    this.mustExist("unlock");
    if (this.#often.letGo(this.#kernel, this.#address) === 0) throw notOwner(kind);
  }
}

function theLock(lock: SpinningLock): SpinningLock {
  return mustBeA(SpinningLock, lock, "lock");
}

/** @throws {OversubscribedError} */
function mustHaveCores(kernel: LibraryKernel, what: string): void {
  if (kernel.enough_cores() === 1) return;
  throw new OversubscribedError(
    `Cannot ${what}: received more workers than cores, where a waiting worker keeps others from running; expected fewer workers, a Mutex, or { force: true }`,
  );
}
