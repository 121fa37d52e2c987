import { mustBeA, mustBeFunction } from "./arguments.js";
import { addClass } from "./classes.js";
import { DeadlockError } from "./errors.js";
import type { LibraryKernel } from "./kernel.js";
import { waitAsync } from "./lines.js";
import { holdsTooMany } from "./results.js";
import { type Existing, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { mustBeSynchronous, mustNotBePromise, type Synchronous } from "./synchronous.js";
import { TIMED_OUT, timeoutError, type WaitOptions, waitBlocking, waitOptions } from "./waiting.js";

// Results of the kernel; kernel/library/once.ts.
const RUNS = 1;
const DEADLOCK = 2;
const HOLDS_TOO_MANY = 3;

const CALL = "call a Once";
const SYNCHRONOUS = "work that is done when it returns, or callAsync";

/**
 * Work that one worker does for all: the first caller does it, and the others wait until it is done. If the work
 * throws, its caller gets the error, and the next caller does the work again. If its worker dies, the next caller does
 * it again, too. So it must be possible to repeat the work.
 *
 * Every worker of the space may call every method. A method blocks only where its comment says so. On a browser's main
 * thread, a call that would block throws a BlockingError; use the methods that end in `Async` there.
 *
 * See docs/library/once.md.
 *
 * @example
 * ```ts
 * import { Once, SharedSpace } from "landspout";
 *
 * const once = new Once(new SharedSpace());
 * console.log(once.call(() => console.log("by one worker"))); // true: this call did it
 * console.log(await once.callAsync(async () => {}), once.done); // false true
 * ```
 */
export class Once extends SharedObject {
  readonly #kernel: LibraryKernel;
  readonly #address: number;

  /** @throws {SpaceFullError} */
  constructor(space: SharedSpace | Existing) {
    super(space, "Once", (kernel) => kernel.once_create());
    this.#kernel = this.space.kernel;
    this.#address = this.handle.address;
  }

  /** `once.call(work)`. */
  static override call<T>(once: Once, work: () => Synchronous<T>): boolean {
    return mustBeA(Once, once, CALL).call<T>(work);
  }

  /** `once.callAsync(work, options)`. */
  static async callAsync(once: Once, work: () => unknown, options?: WaitOptions): Promise<boolean> {
    return mustBeA(Once, once, CALL).callAsync(work, options);
  }

  /** Whether the work has been done. Never blocks. @throws {FreedError} */
  get done(): boolean {
    this.mustExist("look");
    return this.#kernel.once_is_done(this.#address) === 1;
  }

  /**
   * Does the work, or blocks until another worker has done it. Once it is done, a call reads one word.
   *
   * @returns true if this call did the work
   * @throws what `work` throws
   * @throws {TypeError} if `work` is not a function, is an async function, or returns a promise, which is not done
   *   then. Use `callAsync` for such work
   * @throws {DeadlockError} if this worker is doing the work already, and would wait for itself; with landspout/debug
   *   as `Mutex.lock`
   * @throws {BlockingError} if another worker is doing it, on a browser's main thread
   * @throws {FreedError}
   */
  call<T>(work: () => Synchronous<T>): boolean {
    mustBeSynchronous(work, CALL, SYNCHRONOUS);
    this.mustExist("call");
    if (!this.#isCaller(waitBlocking(this, this.#attempt))) return false;
    try {
      mustNotBePromise(work(), CALL, SYNCHRONOUS);
    } catch (error) {
      throw this.#failed(error);
    }
    this.#end(1);
    return true;
  }

  /**
   * As `call`, without blocking. It awaits what `work` returns. The timeout and the signal end the wait for other
   * workers, not the work. Work that waits for its own Once waits for ever.
   */
  async callAsync(work: () => unknown, options?: WaitOptions): Promise<boolean> {
    mustBeFunction(work, CALL, "work");
    const { timeout, signal } = waitOptions(CALL, options);
    this.mustExist("call");
    const result = await waitAsync(this, this.#attempt, timeout, signal);
    if (result === TIMED_OUT) throw timeoutError(CALL, timeout);
    if (!this.#isCaller(result)) return false;
    try {
      await work();
    } catch (error) {
      throw this.#failed(error);
    }
    this.#end(1);
    return true;
  }

  /** The work may have freed the Once, and what lies there now is another's. */
  #end(done: 0 | 1): void {
    if (!this.freed) this.#kernel.once_end(this.#address, done);
  }

  /** The work's error is the cause, also where it has closed the space. */
  #failed(error: unknown): unknown {
    try {
      this.#end(0);
    } catch {}
    return error;
  }

  readonly #attempt = (as: number): number => this.#kernel.once_attempt(this.#address, as);

  /** Whether the caller is to do it. */
  #isCaller(result: number): boolean {
    if (result === DEADLOCK) {
      throw new DeadlockError(
        "Cannot call: received a Once whose work this worker is doing; expected one whose work another worker does",
      );
    }
    if (result === HOLDS_TOO_MANY) {
      throw holdsTooMany("call");
    }
    return result === RUNS;
  }
}
addClass("Once", Once);
