import { soon } from "./event-loop.js";
import type { LibraryKernel } from "./kernel.js";
import { filled, notOwner, type Way } from "./locking.js";
import { BUSY, DEADLOCK } from "./results.js";
import { type Existing, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { mustHaveCores, type SpinningLockOptions } from "./spinning.js";
import { emptyToken, UnlockToken } from "./unlock-token.js";
import { mustBeAbleToBlock, timeoutError, type WaitOptions } from "./waiting.js";

export type McsLockOptions = SpinningLockOptions;

/**
 * The list-based queue lock of Mellor-Crummey and Scott (ACM TOCS 9(1), 1991): those who wait in `lock` are served in the order
 * of arrival, and each spins on a word of its own, so that a release disturbs one of them, where that of a TicketLock disturbs
 * all. For short critical sections of workers that all have a core, where order matters. Everywhere else a Mutex is
 * faster, and fair enough.
 *
 * Where more workers use the space than there are cores, whoever waits keeps others from running: it cannot be made
 * there, nor waited for, unless it is forced. When somebody dies, holding it or in the queue, those in the queue get in
 * line anew, in any order; if it may have held it, the next one learns that by `token.abandoned`. Costs 128 bytes a slot of the
 * space.
 */
export class McsLock extends SharedObject {
  readonly #kernel: LibraryKernel;
  readonly #address: number;
  readonly #way: Way;
  readonly #forced: boolean;

  /**
   * @throws {OversubscribedError} if more workers use the space than there are cores, unless forced
   * @throws {SpaceFullError}
   */
  constructor(space: SharedSpace, { force = false, onAbandoned = "tell" }: McsLockOptions = {}, at?: Existing) {
    const { kernel } = space;
    if (!at && !force) mustHaveCores(space, "make an McsLock");
    const strict = onAbandoned === "throw" ? 1 : 0;
    super(space, "McsLock", at ?? space.made("an McsLock", kernel.mcs_lock_create(strict, force ? 1 : 0)));
    this.#kernel = kernel;
    this.#address = this.handle.address;
    this.#forced = kernel.mcs_lock_is_forced(this.#address) === 1;
    this.#way = {
      kind: "McsLock",
      strict: kernel.mcs_lock_is_strict(this.#address) === 1,
      unlock: () => this.#unlock(),
    };
  }

  static lock(lock: McsLock, token?: UnlockToken): UnlockToken {
    return lock.lock(token);
  }

  static lockIfAvailable(lock: McsLock, milliseconds: number, token?: UnlockToken): UnlockToken | null {
    return lock.lockIfAvailable(milliseconds, token);
  }

  static lockAsync(lock: McsLock, options?: WaitOptions): Promise<UnlockToken> {
    return lock.lockAsync(options);
  }

  static lockIfAvailableAsync(
    lock: McsLock,
    milliseconds: number,
    options?: Pick<WaitOptions, "signal">,
  ): Promise<UnlockToken | null> {
    return lock.lockIfAvailableAsync(milliseconds, options);
  }

  /**
   * Locks; spins in the queue until it can.
   *
   * @param token an empty one, to be filled and returned
   * @throws {DeadlockError} if this worker holds it
   * @throws {OversubscribedError} if it would have to wait where workers exceed cores, and is not forced
   * @throws {AbandonedError} if its last owner died, and the lock was made so
   * @throws {BlockingError} if it is held, on a browser's main thread
   * @throws {FreedError}
   */
  lock(token?: UnlockToken): UnlockToken {
    const empty = emptyToken(token);
    let result = this.#try();
    if (result === BUSY) {
      mustBeAbleToBlock();
      this.#mayWait();
      result = this.#kernel.mcs_lock_acquire(this.#address);
    }
    return filled(this.#way, empty, result)!;
  }

  /**
   * Locks if that is possible within `milliseconds`: 0 for at once, Infinity for ever. Spins so long at most, but not in the
   * queue, which nobody can leave: gets it only when nobody is in there.
   *
   * @returns null if it was not possible
   * @throws as `lock`
   */
  lockIfAvailable(milliseconds: number, token?: UnlockToken): UnlockToken | null {
    const empty = emptyToken(token);
    let result = this.#try();
    if (result === BUSY && milliseconds > 0) {
      mustBeAbleToBlock();
      this.#mayWait();
      const end = performance.now() + milliseconds;
      while (result === BUSY && performance.now() < end) result = this.#try();
    }
    return result === BUSY ? null : filled(this.#way, empty, result);
  }

  /**
   * Locks, without blocking; the promise resolves when it is locked. It has no place in the queue, but tries each time the
   * event loop comes round, and gets the lock only when nobody is in the queue: those who block can keep it waiting
   * for ever.
   *
   * @throws as `lock`, but no DeadlockError; a DOMException of name `TimeoutError`; the signal's reason
   */
  async lockAsync({ timeout = Number.POSITIVE_INFINITY, signal }: WaitOptions = {}): Promise<UnlockToken> {
    const token = await this.lockIfAvailableAsync(timeout, signal && { signal });
    if (token === null) throw timeoutError("lock an McsLock", timeout);
    return token;
  }

  /** As `lockAsync`, but resolves with null when the time is over. */
  async lockIfAvailableAsync(
    milliseconds: number,
    { signal }: Pick<WaitOptions, "signal"> = {},
  ): Promise<UnlockToken | null> {
    signal?.throwIfAborted();
    let result = this.#try();
    if ((result === BUSY || result === DEADLOCK) && milliseconds > 0) {
      this.#mayWait();
      result = await this.#poll(milliseconds, signal);
    }
    return result === BUSY || result === DEADLOCK ? null : filled(this.#way, new UnlockToken(), result);
  }

  #try(): number {
    this.mustExist("lock");
    return this.#kernel.mcs_lock_try(this.#address);
  }

  /** The result of trying again and again, BUSY when the time is over. */
  async #poll(milliseconds: number, signal: AbortSignal | undefined): Promise<number> {
    for (const end = performance.now() + milliseconds; performance.now() < end; ) {
      await new Promise<void>(soon);
      signal?.throwIfAborted();
      const result = this.#try();
      // While this worker holds it, its other requests wait.
      if (result !== BUSY && result !== DEADLOCK) return result;
    }
    return BUSY;
  }

  #mayWait(): void {
    if (!this.#forced) mustHaveCores(this.space, "wait for an McsLock");
  }

  #unlock(): void {
    this.mustExist("unlock");
    if (this.#kernel.mcs_lock_release(this.#address) === 0) throw notOwner("McsLock");
  }
}
