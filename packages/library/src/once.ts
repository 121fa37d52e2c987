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
 * What one worker does for all: the first to call does it, others wait until it is done. If it throws, the error is its
 * caller's, and the next one does it; also if its worker dies. So it should be such that it can be done again.
 *
 * Every worker of the space may call every method. A method blocks only where it says so, and then not on a browser's main
 * thread: the forms that end in `Async` are for that.
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

  /** Whether it has been done. @throws {FreedError} */
  get done(): boolean {
    this.mustExist("look");
    return this.#kernel.once_is_done(this.#address) === 1;
  }

  /**
   * Does it, or blocks until it is done; a look at one word from then on.
   *
   * @returns true if this call did it
   * @throws what `work` throws
   * @throws {TypeError} if `work` is no function; or is one that returns a promise: it is not done then, see `callAsync`
   * @throws {DeadlockError} if this worker does it already, and so would wait for itself; with landspout/debug as `Mutex.lock`
   * @throws {BlockingError} if another does it, on a browser's main thread
   * @throws {FreedError}
   */
  call<T>(work: () => Synchronous<T>): boolean {
    mustBeSynchronous(work, CALL, SYNCHRONOUS);
    this.mustExist("call");
    if (!this.#isCaller(waitBlocking(this, this.#attempt))) return false;
    let done = false;
    try {
      mustNotBePromise(work(), CALL, SYNCHRONOUS);
      done = true;
    } finally {
      this.#end(done);
    }
    return true;
  }

  /**
   * As `call`, without blocking: what `work` returns is awaited, and the timeout and the signal end the wait for others, not
   * the work. Work that waits for its own Once waits for ever.
   */
  async callAsync(work: () => unknown, options?: WaitOptions): Promise<boolean> {
    mustBeFunction(work, CALL, "work");
    const { timeout, signal } = waitOptions(CALL, options);
    this.mustExist("call");
    const result = await waitAsync(this, this.#attempt, timeout, signal);
    if (result === TIMED_OUT) throw timeoutError(CALL, timeout);
    if (!this.#isCaller(result)) return false;
    let done = false;
    try {
      await work();
      done = true;
    } finally {
      this.#end(done);
    }
    return true;
  }

  /** The work may have freed the Once, and what lies there now is another's. */
  #end(done: boolean): void {
    if (!this.freed) this.#kernel.once_end(this.#address, done ? 1 : 0);
  }

  readonly #attempt = (as: number): number => this.#kernel.once_attempt(this.#address, as);

  /** Whether the caller is to do it. */
  #isCaller(result: number): boolean {
    if (result === DEADLOCK) {
      throw new DeadlockError(
        "Cannot call: received a Once that this worker does already; expected one that others do",
      );
    }
    if (result === HOLDS_TOO_MANY) {
      throw holdsTooMany("call");
    }
    return result === RUNS;
  }
}
addClass("Once", Once);
