import { mustBeA, mustBeFunction, mustBeTime, wrong } from "./arguments.js";
import { mustBeAbleToBlock } from "./blocking.js";
import { addClass } from "./classes.js";
import { ForeignHandleError, FreedError, NotOwnerError } from "./errors.js";
import type { LibraryKernel } from "./kernel.js";
import { waitAsync } from "./lines.js";
import { FREED, holdsTooMany } from "./results.js";
import { type Existing, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { mustNotBePromise } from "./synchronous.js";
import { type Relockable, UnlockToken } from "./unlock-token.js";
import { signalFor, timeoutError, type WaitOptions, waitBlocking, waitOptions } from "./waiting.js";

// Results of the kernel that are no node; kernel/library/condition.ts.
const FULL = 0;
const HOLDS_TOO_MANY = 4;

const WAIT = "wait on a Condition";
const NOTIFY = "notify a Condition";

/**
 * Workers that hold a lock wait here for a change of what it protects. `wait` unlocks, sleeps until a notification, and
 * returns with the lock held again.
 *
 * Waiting workers are woken in the order in which they came, each by one notification. There are no spurious wake-ups,
 * except after a worker's death: a worker was notified, and died before it unlocked again. Then the next waiting worker
 * gets that notification, and finds what the dead one left. So check what you wait for in a loop, or give a predicate.
 *
 * A token can wait on any number of conditions, one after the other. A condition can serve any number of locks. All
 * workers that one `notify(1)` may wake should wait for the same thing. `notify` does not need the lock.
 *
 * Every worker of the space may notify. To wait takes a token that holds a lock. A method blocks only where its comment
 * says so. On a browser's main thread, a call that would block throws a BlockingError; use the methods that end in
 * `Async` there.
 *
 * See docs/library/condition.md.
 *
 * @example
 * ```ts
 * import { Condition, Mutex, SharedSpace } from "landspout";
 *
 * const space = new SharedSpace();
 * const [mutex, changed] = [new Mutex(space), new Condition(space)];
 * const token = mutex.lock();
 * setTimeout(() => changed.notify(1));
 * await changed.waitAsync(token, { timeout: 1000 }); // or changed.wait(token), which blocks
 * console.log(changed.waitFor(token, 10)); // false: no notification in 10 ms
 * token.unlock();
 * ```
 */
export class Condition extends SharedObject {
  readonly #kernel: LibraryKernel;
  readonly #address: number;

  /** @throws {SpaceFullError} */
  constructor(space: SharedSpace | Existing) {
    super(space, "Condition", (kernel) => kernel.condition_create());
    this.#kernel = this.space.kernel;
    this.#address = this.handle.address;
  }

  /** `condition.wait(token)`. */
  static wait(condition: Condition, token: UnlockToken): void {
    mustBeA(Condition, condition, WAIT).wait(token);
  }

  /** `condition.waitFor(token, milliseconds, predicate)`. */
  static waitFor(condition: Condition, token: UnlockToken, milliseconds: number, predicate?: () => boolean): boolean {
    return mustBeA(Condition, condition, WAIT).waitFor(token, milliseconds, predicate);
  }

  /** `condition.waitAsync(token, options)`. */
  static async waitAsync(condition: Condition, token: UnlockToken, options?: WaitOptions): Promise<void> {
    return mustBeA(Condition, condition, WAIT).waitAsync(token, options);
  }

  /** `condition.waitForAsync(token, milliseconds, predicate, options)`. */
  static async waitForAsync(
    condition: Condition,
    token: UnlockToken,
    milliseconds: number,
    predicate?: () => boolean,
    options?: Pick<WaitOptions, "signal">,
  ): Promise<boolean> {
    return mustBeA(Condition, condition, WAIT).waitForAsync(token, milliseconds, predicate, options);
  }

  /** `condition.notify(count)`. */
  static notify(condition: Condition, count?: number): number {
    return mustBeA(Condition, condition, NOTIFY).notify(count);
  }

  /**
   * Unlocks what the token holds, blocks until a notification, and locks again with the same token. `token.abandoned`
   * then says whether an owner died meanwhile.
   *
   * @param token holds a Mutex, or an RwLock for writing, of the same space
   * @throws {NotOwnerError} if the token holds nothing
   * @throws {TypeError} if the token holds another kind of lock
   * @throws {ForeignHandleError} if the lock is of another space
   * @throws {AbandonedError} with the lock held, as `Mutex.lock`
   * @throws {SpaceFullError}
   * @throws {BlockingError} on a browser's main thread
   * @throws {FreedError}
   */
  wait(token: UnlockToken): void {
    this.#block(token, Number.POSITIVE_INFINITY);
  }

  /**
   * As `wait`, at most `milliseconds`. Without a predicate, it waits for one notification. With a predicate, it waits
   * until the predicate is true.
   *
   * The predicate is called with the lock held, first before any wait. The lock is held when this returns; that can be
   * later, as soon as the lock is free.
   *
   * @returns false if the time was over first: before a notification, or while the predicate was false
   * @throws as `wait`
   */
  waitFor(token: UnlockToken, milliseconds: number, predicate?: () => boolean): boolean {
    mustBeTime(milliseconds, WAIT);
    if (predicate === undefined) return this.#block(token, milliseconds);
    mustBeFunction(predicate, WAIT, "a predicate");
    this.#lockOf(token);
    const end = performance.now() + milliseconds;
    while (!isTrue(predicate)) {
      if (!this.#block(token, end - performance.now())) return isTrue(predicate);
    }
    return true;
  }

  /**
   * As `wait`, without blocking. When the promise settles, the lock is held again, also when it rejects because the
   * time is over or the signal is aborted. If the signal is aborted before the call, the lock is not released at all.
   */
  async waitAsync(token: UnlockToken, options?: WaitOptions): Promise<void> {
    const { timeout, signal } = waitOptions(WAIT, options);
    if (!(await this.#sleep(token, timeout, signal))) throw timeoutError(WAIT, timeout);
  }

  /** As `waitFor`, without blocking. */
  async waitForAsync(
    token: UnlockToken,
    milliseconds: number,
    predicate?: () => boolean,
    options?: Pick<WaitOptions, "signal">,
  ): Promise<boolean> {
    const signal = signalFor(WAIT, milliseconds, options);
    if (predicate === undefined) return this.#sleep(token, milliseconds, signal);
    mustBeFunction(predicate, WAIT, "a predicate");
    this.#lockOf(token);
    const end = performance.now() + milliseconds;
    while (!isTrue(predicate)) {
      if (!(await this.#sleep(token, end - performance.now(), signal))) return isTrue(predicate);
    }
    return true;
  }

  /**
   * Wakes the workers that have waited longest, at most `count`. Never blocks. While no worker waits, it reads one
   * word.
   *
   * @returns how many workers it has woken
   * @throws {RangeError} if the count is neither a whole number from 0 on nor Infinity
   * @throws {FreedError}
   */
  notify(count = Number.POSITIVE_INFINITY): number {
    if (count !== Number.POSITIVE_INFINITY && !(Number.isInteger(count) && count >= 0)) {
      throw wrong(NOTIFY, count, "a count, a whole number from 0 on, or Infinity", "number");
    }
    this.mustExist("notify");
    return this.#kernel.condition_notify(this.#address, Math.min(count, 0xffffffff));
  }

  /** Whether it was notified. */
  #block(token: UnlockToken, milliseconds: number): boolean {
    const lock = this.#lockOf(token);
    mustBeAbleToBlock();
    const node = this.#join();
    token.unlock();
    try {
      waitBlocking(this, (as) => this.#kernel.condition_attempt(this.#address, node, as), milliseconds);
    } catch (error) {
      // Settling says it, too, with the lock.
      if (!(error instanceof FreedError)) throw error;
    }
    this.#kernel.keep_promise();
    try {
      lock.relock(token);
    } catch (error) {
      // AbandonedError, with the lock.
      this.#settle(token, node);
      throw error;
    }
    return this.#mustSettle(token, node);
  }

  /** Whether it was notified; rejects if the signal was aborted first. */
  async #sleep(token: UnlockToken, milliseconds: number, signal: AbortSignal | undefined): Promise<boolean> {
    const lock = this.#lockOf(token);
    signal?.throwIfAborted();
    const node = this.#join();
    token.unlock();
    token.isSpokenFor = true;
    const attempt = (as: number) => this.#kernel.condition_attempt(this.#address, node, as);
    let aborted = false;
    try {
      await waitAsync(this, attempt, milliseconds, signal);
    } catch {
      // Or freed, which settling says, too.
      aborted = true;
    }
    try {
      await lock.relockAsync(token);
    } catch (error) {
      token.isSpokenFor = false;
      if (!token.locked) this.#kernel.keep_promise();
      this.#settle(token, node);
      throw error;
    }
    const notified = this.#mustSettle(token, node);
    if (aborted && !notified) signal!.throwIfAborted();
    return notified;
  }

  #lockOf(token: UnlockToken): Relockable {
    if (!UnlockToken.is(token)) throw wrong(WAIT, token, "a token, as lock returns it");
    this.mustExist("wait");
    const lock = token.held;
    if (lock === undefined) {
      throw new NotOwnerError("Cannot wait: received a token that holds nothing; expected one that holds a lock");
    }
    if (!("relockAsync" in lock)) {
      throw new TypeError(
        "Cannot wait: received a token of another kind of lock; expected one of a Mutex, or of an RwLock for writing",
      );
    }
    if ((lock as Relockable).space !== this.space) {
      throw new ForeignHandleError("Cannot wait: received a lock of another space; expected one of the Condition's");
    }
    return lock as Relockable;
  }

  #join(): number {
    // For the lock, which is to be had again whatever happens meanwhile.
    if (this.#kernel.promise_room() === 0) throw holdsTooMany("wait");
    const node = this.#kernel.condition_join(this.#address) >>> 0;
    if (node !== FULL && node !== HOLDS_TOO_MANY && node !== FREED) return node;
    this.#kernel.keep_promise();
    if (node === HOLDS_TOO_MANY) throw holdsTooMany("wait");
    if (node === FREED) throw this.freedError("wait");
    return this.space.mustHaveRoom("a waiter", FULL);
  }

  /** Whether it was notified; then its notification ends when the token is unlocked. */
  #settle(token: UnlockToken, node: number): boolean | typeof FREED {
    const { identity } = this.handle;
    const result = this.#kernel.condition_settle(this.#address, identity, node);
    if (result === FREED) return FREED;
    if (result === 0) return false;
    token.afterUnlock = () => this.#kernel.condition_retire(this.#address, identity, node);
    return true;
  }

  /** @throws {FreedError} with the lock */
  #mustSettle(token: UnlockToken, node: number): boolean {
    const result = this.#settle(token, node);
    if (result === FREED) throw this.freedError("wait");
    return result;
  }
}
addClass("Condition", Condition);

/** A promise would be true whatever comes of it. */
function isTrue(predicate: () => boolean): boolean {
  return mustNotBePromise(predicate(), WAIT, "a predicate that returns true or false");
}
