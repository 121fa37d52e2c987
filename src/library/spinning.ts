import { OversubscribedError } from "./errors.js";
import type { LibraryKernel } from "./kernel.js";
import { filled, notOwner, type Way } from "./locking.js";
import { BUSY, DEADLOCK } from "./results.js";
import { type Existing, made, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { emptyToken, UnlockToken } from "./unlock-token.js";
import { mustBeAbleToBlock, timeoutError, type WaitOptions } from "./waiting.js";

export interface SpinningLockOptions {
  /** Whether to make and to wait for it also where more workers use the space than there are cores. Default: false. */
  readonly force?: boolean;
  /** What those get who lock it after its owner died, as of a Mutex. Default: tell. */
  readonly onAbandoned?: "tell" | "throw";
}

/** By their classes: what the kernel's functions begin with, and what errors say. */
const NAMES = {
  TicketLock: { prefix: "ticket_lock", one: "a TicketLock" },
  McsLock: { prefix: "mcs_lock", one: "an McsLock" },
} as const;

/**
 * A lock whose waiters spin: TicketLock or McsLock. Where more workers use the space than there are cores, whoever waits keeps
 * others from running: it cannot be made there, nor waited for, unless it is forced.
 */
export abstract class SpinningLock extends SharedObject {
  readonly #address: number;
  /** How errors call it. */
  readonly #one: string;
  readonly #way: Way;
  readonly #forced: boolean;
  readonly #tryLock: (lock: number) => number;
  readonly #unlock: (lock: number) => number;

  /**
   * @throws {OversubscribedError} if more workers use the space than there are cores, unless forced
   * @throws {SpaceFullError}
   */
  protected constructor(
    space: SharedSpace,
    kind: keyof typeof NAMES,
    { force = false, onAbandoned = "tell" }: SpinningLockOptions,
    at?: Existing,
  ) {
    const { prefix, one } = NAMES[kind];
    const make = (kernel: LibraryKernel) => {
      if (!force) mustHaveCores(space, `make ${one}`);
      return kernel[`${prefix}_create`](onAbandoned === "throw" ? 1 : 0, force ? 1 : 0);
    };
    super(space, kind, at ?? made(space, one, make));
    const { kernel } = space;
    this.#address = this.handle.address;
    this.#one = one;
    this.#forced = kernel[`${prefix}_is_forced`](this.#address) === 1;
    this.#tryLock = kernel[`${prefix}_try`];
    this.#unlock = kernel[`${prefix}_unlock`];
    this.#way = {
      kind,
      strict: kernel[`${prefix}_is_strict`](this.#address) === 1,
      unlock: () => this.#mustUnlock(kind),
    };
  }

  static lock(lock: SpinningLock, token?: UnlockToken): UnlockToken {
    return lock.lock(token);
  }

  static lockIfAvailable(lock: SpinningLock, milliseconds: number, token?: UnlockToken): UnlockToken | null {
    return lock.lockIfAvailable(milliseconds, token);
  }

  static lockAsync(lock: SpinningLock, options?: WaitOptions): Promise<UnlockToken> {
    return lock.lockAsync(options);
  }

  static lockIfAvailableAsync(
    lock: SpinningLock,
    milliseconds: number,
    options?: Pick<WaitOptions, "signal">,
  ): Promise<UnlockToken | null> {
    return lock.lockIfAvailableAsync(milliseconds, options);
  }

  /**
   * Locks; spins until it can.
   *
   * @param token an empty one, to be filled and returned
   * @throws {DeadlockError} if this worker holds it, or is in line without blocking; with landspout/debug as `Mutex.lock`
   * @throws {OversubscribedError} if it would have to wait where workers exceed cores, and is not forced
   * @throws {AbandonedError} if its last owner died, and the lock was made so
   * @throws {BlockingError} if it is held, on a browser's main thread
   * @throws {FreedError}
   */
  lock(token?: UnlockToken): UnlockToken {
    return this.lockIfAvailable(Number.POSITIVE_INFINITY, token)!;
  }

  /**
   * Locks if that is possible within `milliseconds`: 0 for at once, Infinity for ever, as `lock`; spins so long at most.
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
      result = this.spin(milliseconds);
    }
    return result === BUSY ? null : filled(this.#way, empty, result);
  }

  /**
   * Locks, without blocking; the promise resolves when it is locked. It looks each time the event loop comes round. Requests
   * of one worker wait for each other.
   *
   * @throws as `lock`, but no DeadlockError; a DOMException of name `TimeoutError`; the signal's reason
   */
  async lockAsync({ timeout = Number.POSITIVE_INFINITY, signal }: WaitOptions = {}): Promise<UnlockToken> {
    const token = await this.lockIfAvailableAsync(timeout, signal && { signal });
    if (token === null) throw timeoutError(`lock ${this.#one}`, timeout);
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
      result = await this.poll(milliseconds, signal);
    }
    return result === BUSY || result === DEADLOCK ? null : filled(this.#way, new UnlockToken(), result);
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

  #try(): number {
    this.mustExist("lock");
    return this.#tryLock(this.#address);
  }

  #mayWait(): void {
    if (!this.#forced) mustHaveCores(this.space, `wait for ${this.#one}`);
  }

  #mustUnlock(kind: string): void {
    this.mustExist("unlock");
    if (this.#unlock(this.#address) === 0) throw notOwner(kind);
  }
}

/** @throws {OversubscribedError} */
function mustHaveCores(space: SharedSpace, what: string): void {
  if (space.kernel.enough_cores() === 1) return;
  throw new OversubscribedError(
    `Cannot ${what}: received more workers than cores, where who waits keeps others from running; expected fewer, a Mutex, or { force: true }`,
  );
}
