import { soon } from "./event-loop.js";
import { type LibraryKernel, WAIT } from "./kernel.js";
import { filled, notOwner, type Way } from "./locking.js";
import { BUSY, DEADLOCK } from "./results.js";
import { type Existing, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { mustHaveCores, type SpinningLockOptions } from "./spinning.js";
import { emptyToken, UnlockToken } from "./unlock-token.js";
import { mustBeAbleToBlock, timeoutError, type WaitOptions } from "./waiting.js";

export type TicketLockOptions = SpinningLockOptions;

/** Looks between two that look at the time, too: some ten microseconds. */
const LOOKS = 1000;

/**
 * A ticket lock: take a number, wait until it is served. It serves in the order of arrival, and who waits spins: for short
 * critical sections of few workers that all have a core, where order matters. Everywhere else a Mutex is faster, and
 * fair enough.
 *
 * Where more workers use the space than there are cores, whoever waits keeps others from running: it cannot be made
 * there, nor waited for, unless it is forced. Whoever dies, holding it or in line, is passed over; the next one learns that by
 * `token.abandoned`. Costs 128 bytes a slot of the space.
 */
export class TicketLock extends SharedObject {
  readonly #kernel: LibraryKernel;
  readonly #address: number;
  readonly #way: Way;
  readonly #forced: boolean;

  /**
   * @throws {OversubscribedError} if more workers use the space than there are cores, unless forced
   * @throws {SpaceFullError}
   */
  constructor(space: SharedSpace, { force = false, onAbandoned = "tell" }: TicketLockOptions = {}, at?: Existing) {
    const { kernel } = space;
    if (!at && !force) mustHaveCores(space, "make a TicketLock");
    const strict = onAbandoned === "throw" ? 1 : 0;
    super(space, "TicketLock", at ?? space.made("a TicketLock", kernel.ticket_lock_create(strict, force ? 1 : 0)));
    this.#kernel = kernel;
    this.#address = this.handle.address;
    this.#forced = kernel.ticket_lock_is_forced(this.#address) === 1;
    this.#way = {
      kind: "TicketLock",
      strict: kernel.ticket_lock_is_strict(this.#address) === 1,
      unlock: () => this.#unlock(),
    };
  }

  static lock(lock: TicketLock, token?: UnlockToken): UnlockToken {
    return lock.lock(token);
  }

  static lockIfAvailable(lock: TicketLock, milliseconds: number, token?: UnlockToken): UnlockToken | null {
    return lock.lockIfAvailable(milliseconds, token);
  }

  static lockAsync(lock: TicketLock, options?: WaitOptions): Promise<UnlockToken> {
    return lock.lockAsync(options);
  }

  static lockIfAvailableAsync(
    lock: TicketLock,
    milliseconds: number,
    options?: Pick<WaitOptions, "signal">,
  ): Promise<UnlockToken | null> {
    return lock.lockIfAvailableAsync(milliseconds, options);
  }

  /**
   * Locks; spins until it can.
   *
   * @param token an empty one, to be filled and returned
   * @throws {DeadlockError} if this worker holds it, or is in line without blocking
   * @throws {OversubscribedError} if it would have to wait where workers exceed cores, and is not forced
   * @throws {AbandonedError} if its last owner died, and the lock was made so
   * @throws {BlockingError} if it is held, on a browser's main thread
   * @throws {FreedError}
   */
  lock(token?: UnlockToken): UnlockToken {
    return this.lockIfAvailable(Number.POSITIVE_INFINITY, token)!;
  }

  /**
   * Locks if that is possible within `milliseconds`: 0 for at once, Infinity for ever; spins so long at most, then
   * leaves the line.
   *
   * @returns null if it was not possible
   * @throws as `lock`
   */
  lockIfAvailable(milliseconds: number, token?: UnlockToken): UnlockToken | null {
    const empty = emptyToken(token);
    this.mustExist("lock");
    let result = this.#kernel.ticket_lock_try(this.#address);
    if (result === BUSY && milliseconds > 0) {
      mustBeAbleToBlock();
      this.#mayWait();
      result = this.#spin(milliseconds);
    }
    return result === BUSY ? null : filled(this.#way, empty, result);
  }

  /**
   * Locks, without blocking; the promise resolves when it is locked. It gets in line as others do, and looks each time the
   * event loop comes round: when its turn has come, all others wait for that. Requests of one worker get in line one after
   * the other.
   *
   * @throws as `lock`, but no DeadlockError; a DOMException of name `TimeoutError`; the signal's reason
   */
  async lockAsync({ timeout = Number.POSITIVE_INFINITY, signal }: WaitOptions = {}): Promise<UnlockToken> {
    const token = await this.lockIfAvailableAsync(timeout, signal && { signal });
    if (token === null) throw timeoutError("lock a TicketLock", timeout);
    return token;
  }

  /** As `lockAsync`, but resolves with null when the time is over. */
  async lockIfAvailableAsync(
    milliseconds: number,
    { signal }: Pick<WaitOptions, "signal"> = {},
  ): Promise<UnlockToken | null> {
    signal?.throwIfAborted();
    this.mustExist("lock");
    let result = this.#kernel.ticket_lock_try(this.#address);
    if ((result === BUSY || result === DEADLOCK) && milliseconds > 0) {
      this.#mayWait();
      result = await this.#poll(milliseconds, signal);
    }
    return result === BUSY || result === DEADLOCK ? null : filled(this.#way, new UnlockToken(), result);
  }

  /** The result of waiting, BUSY when the time is over. */
  #spin(milliseconds: number): number {
    const end = performance.now() + milliseconds;
    let result = this.#kernel.ticket_lock_take(this.#address);
    while (result === WAIT) {
      result = this.#kernel.ticket_lock_look(this.#address, LOOKS);
      if (result === WAIT && performance.now() >= end) {
        this.#kernel.ticket_lock_give_up(this.#address);
        return BUSY;
      }
    }
    return result;
  }

  /** As `#spin`, without blocking. */
  async #poll(milliseconds: number, signal: AbortSignal | undefined): Promise<number> {
    const end = performance.now() + milliseconds;
    let inLine = false;
    try {
      while (performance.now() < end) {
        this.mustExist("lock");
        const result: number = inLine
          ? this.#kernel.ticket_lock_look(this.#address, 1)
          : this.#kernel.ticket_lock_take(this.#address);
        // While this worker holds it, or another of its requests is in line, this one is not.
        inLine = result === WAIT;
        if (!inLine && result !== DEADLOCK) return result;
        await new Promise<void>(soon);
        signal?.throwIfAborted();
      }
      return BUSY;
    } finally {
      if (inLine && !this.freed) this.#kernel.ticket_lock_give_up(this.#address);
    }
  }

  #mayWait(): void {
    if (!this.#forced) mustHaveCores(this.space, "wait for a TicketLock");
  }

  #unlock(): void {
    this.mustExist("unlock");
    if (this.#kernel.ticket_lock_unlock(this.#address) === 0) throw notOwner("TicketLock");
  }
}
