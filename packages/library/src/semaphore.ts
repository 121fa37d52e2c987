import { mustBeA, mustBeFunction, mustBeTime, mustBeWhole } from "./arguments.js";
import { addClass } from "./classes.js";
import { NotOwnerError } from "./errors.js";
import type { LibraryKernel } from "./kernel.js";
import { mustSucceed } from "./results.js";
import { type Existing, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import type { Synchronous } from "./synchronous.js";
import { waitInTurn } from "./turns.js";
import { signalFor, TIMED_OUT, timeoutError, type WaitOptions, waitBlocking, waitOptions } from "./waiting.js";
import { workHolding, workHoldingAsync } from "./with-lock.js";

const ACQUIRE = "acquire permits of a Semaphore";
const ADD = "add to a Semaphore";
const MOST = 2 ** 31 - 1;
/** Result of the kernel's `add`; kernel/library/semaphore.ts. */
const TOO_MANY_PERMITS = 5;

/** Takes permits back, or takes them away for good. */
interface Lender {
  release(permits: number): void;
  consume(permits: number): void;
}

/**
 * Permits that a worker took from a Semaphore. It belongs to that worker, and cannot be passed to another.
 *
 * See docs/library/semaphore.md.
 *
 * @example
 * ```ts
 * import { Semaphore, SharedSpace } from "landspout";
 *
 * const semaphore = new Semaphore(new SharedSpace(), 3);
 * const permit = semaphore.acquire(2);
 * console.log(permit.permits, permit.release(), permit.consume()); // 2 true false
 * ```
 */
export class Permit {
  readonly #lender: Lender;
  #permits: number;

  /** @internal */
  constructor(lender: Lender, permits: number) {
    this.#lender = lender;
    this.#permits = permits;
  }

  /** How many permits it stands for; 0 once they are released or consumed. */
  get permits(): number {
    return this.#permits;
  }

  /**
   * Gives the permits back. Does not wait for permits of others. Returns false if they were released or consumed
   * before.
   */
  release(): boolean {
    const permits = this.#take();
    if (permits > 0) this.#lender.release(permits);
    return permits > 0;
  }

  /**
   * Uses the permits up: they do not come back, as a signal is received once. Returns false if they were released or
   * consumed before.
   */
  consume(): boolean {
    const permits = this.#take();
    if (permits > 0) this.#lender.consume(permits);
    return permits > 0;
  }

  /** The same as `release`, for `using`. */
  [Symbol.dispose](): void {
    this.release();
  }

  #take(): number {
    const permits = this.#permits;
    this.#permits = 0;
    return permits;
  }
}

/**
 * A counting semaphore: workers take permits and give them back. When a worker dies, its permits come back by
 * themselves.
 *
 * A worker that comes may overtake workers that sleep; that keeps it fast. A worker that blocks and has looked 32 times
 * in vain is served next, however many permits it wants. Requests that do not block are served when there are permits.
 * Requests of one worker for the same number of permits are served in their order.
 *
 * To signal, a worker `add`s permits that nobody held. Other workers `acquire` and `consume` them.
 *
 * Every worker of the space may call every method. A method blocks only where its comment says so. On a browser's main
 * thread, a call that would block throws a BlockingError; use the methods that end in `Async` there. Only the worker
 * that has acquired a Permit can use it.
 *
 * See docs/library/semaphore.md.
 *
 * @example
 * ```ts
 * import { Semaphore, SharedSpace } from "landspout";
 *
 * const semaphore = new Semaphore(new SharedSpace(), 3);
 * semaphore.withPermits(() => console.log(semaphore.available), 2); // 1
 * semaphore.tryAcquire()?.release();
 * semaphore.acquireIfAvailable(100)?.release();
 * (await semaphore.acquireAsync(2, { timeout: 100 })).release();
 * (await semaphore.acquireIfAvailableAsync(100))?.release();
 * await semaphore.withPermitsAsync(async (permit) => permit.consume());
 * semaphore.add();
 * ```
 */
export class Semaphore extends SharedObject {
  readonly #kernel: LibraryKernel;
  readonly #address: number;
  readonly #lender: Lender;

  /** @internal */
  constructor(existing: Existing);
  /**
   * @param permits how many are available at first, 0 to 2^31 - 1
   * @throws {TypeError} {RangeError} if `permits` is not such a number
   * @throws {SpaceFullError}
   */
  constructor(space: SharedSpace, permits: number);
  constructor(at: SharedSpace | Existing, permits?: number) {
    const create = (kernel: LibraryKernel) => {
      mustBe(permits, 0, "make a Semaphore");
      return kernel.semaphore_create(permits);
    };
    super(at, "Semaphore", create);
    const { kernel } = this.space;
    this.#kernel = kernel;
    this.#address = this.handle.address;
    this.#lender = {
      release: (permits) => this.#give("release", permits, kernel.semaphore_release),
      consume: (permits) => this.#give("consume", permits, kernel.semaphore_consume),
    };
  }

  /** `semaphore.acquire(permits)`. */
  static acquire(semaphore: Semaphore, permits?: number): Permit {
    return mustBeA(Semaphore, semaphore, ACQUIRE).acquire(permits);
  }

  /** `semaphore.acquireIfAvailable(milliseconds, permits)`. */
  static acquireIfAvailable(semaphore: Semaphore, milliseconds: number, permits?: number): Permit | null {
    return mustBeA(Semaphore, semaphore, ACQUIRE).acquireIfAvailable(milliseconds, permits);
  }

  /** `semaphore.acquireAsync(permits, options)`. */
  static async acquireAsync(semaphore: Semaphore, permits?: number, options?: WaitOptions): Promise<Permit> {
    return mustBeA(Semaphore, semaphore, ACQUIRE).acquireAsync(permits, options);
  }

  /** `semaphore.acquireIfAvailableAsync(milliseconds, permits, options)`. */
  static async acquireIfAvailableAsync(
    semaphore: Semaphore,
    milliseconds: number,
    permits?: number,
    options?: Pick<WaitOptions, "signal">,
  ): Promise<Permit | null> {
    return mustBeA(Semaphore, semaphore, ACQUIRE).acquireIfAvailableAsync(milliseconds, permits, options);
  }

  /** `semaphore.tryAcquire(permits)`. */
  static tryAcquire(semaphore: Semaphore, permits?: number): Permit | null {
    return mustBeA(Semaphore, semaphore, ACQUIRE).tryAcquire(permits);
  }

  /** `semaphore.withPermits(work, permits)`. */
  static withPermits<T>(semaphore: Semaphore, work: (permit: Permit) => Synchronous<T>, permits?: number): T {
    return mustBeA(Semaphore, semaphore, ACQUIRE).withPermits<T>(work, permits);
  }

  /** `semaphore.withPermitsAsync(work, permits, options)`. */
  static async withPermitsAsync<T>(
    semaphore: Semaphore,
    work: (permit: Permit) => T,
    permits?: number,
    options?: WaitOptions,
  ): Promise<Awaited<T>> {
    return mustBeA(Semaphore, semaphore, ACQUIRE).withPermitsAsync(work, permits, options);
  }

  /** `semaphore.add(permits)`. */
  static add(semaphore: Semaphore, permits?: number): void {
    mustBeA(Semaphore, semaphore, ADD).add(permits);
  }

  /** Permits that nobody holds. The number may be out of date at once. @throws {FreedError} */
  get available(): number {
    this.mustExist("look at a Semaphore");
    return this.#kernel.semaphore_available(this.#address) >>> 0;
  }

  /**
   * Takes permits, all of them at once. Blocks until there are enough.
   *
   * @param permits 1 to 2^31 - 1. Default: 1
   * @throws {TypeError} {RangeError} if `permits` is not such a number
   * @throws {SpaceFullError} if there is no room to record that this worker holds permits
   * @throws {BlockingError} if there are too few, on a browser's main thread
   * @throws {FreedError}
   */
  acquire(permits = 1): Permit {
    return this.acquireIfAvailable(Number.POSITIVE_INFINITY, permits)!;
  }

  /**
   * Takes permits if that is possible within `milliseconds`. Blocks at most as long; 0 means at once, Infinity for
   * ever.
   *
   * @returns null if it was not possible in that time
   * @throws as `acquire`
   */
  acquireIfAvailable(milliseconds: number, permits = 1): Permit | null {
    mustBeTime(milliseconds, ACQUIRE);
    this.#mustBeAbleToAcquire(permits);
    if (this.#kernel.semaphore_try_acquire(this.#address, permits) !== 0) return new Permit(this.#lender, permits);
    let result = TIMED_OUT;
    try {
      result = waitBlocking(this, this.#attempt(permits), milliseconds);
    } finally {
      if (result === TIMED_OUT) this.#kernel.semaphore_give_up(this.#address);
    }
    return this.#permit(result, permits);
  }

  /**
   * Takes permits without blocking. The promise resolves when it has them. A worker may wait several times at once.
   *
   * @throws as `acquire`; a DOMException of name `TimeoutError`; the signal's reason
   */
  async acquireAsync(permits = 1, options?: WaitOptions): Promise<Permit> {
    const { timeout, signal } = waitOptions(ACQUIRE, options);
    const permit = await this.#acquireWithout(timeout, permits, signal);
    if (permit === null) throw timeoutError(ACQUIRE, timeout);
    return permit;
  }

  /** As `acquireAsync`, but resolves with null when the time is over. */
  async acquireIfAvailableAsync(
    milliseconds: number,
    permits = 1,
    options?: Pick<WaitOptions, "signal">,
  ): Promise<Permit | null> {
    return this.#acquireWithout(milliseconds, permits, signalFor(ACQUIRE, milliseconds, options));
  }

  async #acquireWithout(milliseconds: number, permits: number, signal: AbortSignal | undefined) {
    this.#mustBeAbleToAcquire(permits);
    return this.#permit(await waitInTurn(this, this.#attempt(permits), milliseconds, signal, permits), permits);
  }

  /**
   * Takes permits if that is possible at once. Never blocks.
   *
   * @returns null if it was not possible
   * @throws as `acquire`, but no BlockingError
   */
  tryAcquire(permits = 1): Permit | null {
    return this.acquireIfAvailable(0, permits);
  }

  /**
   * Takes permits, calls `work` with them, and gives them back, also if `work` throws. Blocks until there are enough.
   * The work may release or consume them itself.
   *
   * @returns what `work` returns
   * @throws what `work` throws, and as `acquire`
   * @throws {TypeError} if `work` is not a function, is an async function, or returns a promise. Use `withPermitsAsync`
   *   for such work
   */
  withPermits<T>(work: (permit: Permit) => Synchronous<T>, permits = 1): T {
    return workHolding(ACQUIRE, "withPermitsAsync", work, () => this.acquire(permits));
  }

  /**
   * As `withPermits`, without blocking. It awaits what `work` returns, then gives the permits back. The timeout and the
   * signal end the wait for permits, not the work.
   *
   * @throws what `work` throws or rejects with, and as `acquireAsync`
   */
  async withPermitsAsync<T>(work: (permit: Permit) => T, permits = 1, options?: WaitOptions): Promise<Awaited<T>> {
    mustBeFunction(work, ACQUIRE, "work");
    return workHoldingAsync(work, this.acquireAsync(permits, options));
  }

  /**
   * Adds permits that nobody held. Does not wait for permits of others.
   *
   * @param permits 1 to 2^31 - 1. Default: 1
   * @throws {RangeError} if there were more than 2^31 - 1 in all then, those that workers hold included
   * @throws {FreedError}
   */
  add(permits = 1): void {
    mustBe(permits, 1, ADD);
    this.mustExist("add to a Semaphore");
    const result = this.#kernel.semaphore_add(this.#address, permits);
    if (result === TOO_MANY_PERMITS) {
      throw new RangeError(`Cannot add to a Semaphore: received ${permits} permits; expected at most ${MOST} in all`);
    }
    mustSucceed(result, "add", "Semaphore");
  }

  /** @internal */
  protected override madeWith(): unknown[] {
    return [this.#kernel.semaphore_initial(this.#address)];
  }

  #mustBeAbleToAcquire(permits: number): void {
    mustBe(permits, 1, ACQUIRE);
    this.mustExist("acquire");
  }

  #attempt(permits: number) {
    let looks = 0;
    return (as: number) => this.#kernel.semaphore_attempt(this.#address, permits, as, looks++);
  }

  #permit(result: number, permits: number): Permit | null {
    if (result === TIMED_OUT) return null;
    mustSucceed(result, "acquire", "Semaphore");
    return new Permit(this.#lender, permits);
  }

  #give(verb: string, permits: number, give: (semaphore: number, permits: number) => number): void {
    this.mustExist(verb);
    if (give(this.#address, permits) === 0) {
      throw new NotOwnerError(`Cannot ${verb}: received permits that this worker does not hold; expected its own`);
    }
  }
}
addClass("Semaphore", Semaphore);

function mustBe(permits: unknown, least: number, what: string): asserts permits is number {
  mustBeWhole(permits, what, least, MOST, "permits");
}
