import { mustBeA, mustBeTime, mustBeWhole } from "./arguments.js";
import { addClass } from "./classes.js";
import type { LibraryKernel } from "./kernel.js";
import { waitAsync } from "./lines.js";
import { holdsTooMany } from "./results.js";
import { type Existing, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { TIMED_OUT, timeoutError, type WaitOptions, waitBlocking, waitOptions } from "./waiting.js";

// Results of the kernel; kernel/library/latch.ts.
const HOLDS_TOO_MANY = 4;
const TOO_MANY_COUNTS = 5;

const MOST = 2 ** 31 - 1;
const WAIT = "wait for a Latch";
const COUNT_DOWN = "count down a Latch";
const PROMISE = "promise to count down a Latch";

/**
 * A number that is counted down to 0, once. Workers that wait go on at 0, and workers that come later do not wait. It
 * serves to wait for a number of pieces of work, whichever workers do them.
 *
 * The number is of counts, not of workers: a worker may count down several times. So the death of a worker counts
 * nothing down by itself. A worker can announce its counts by `promise`. If it dies before it has counted them down,
 * that is done for it, and `abandoned` says so.
 *
 * Every worker of the space may call every method. Memory: 24 bytes, and 12 for each of the space's workers and for one
 * more.
 *
 * See docs/library/latch.md.
 *
 * @example
 * ```ts
 * import { Latch, SharedSpace } from "landspout";
 *
 * const latch = new Latch(new SharedSpace(), 2);
 * latch.promise();
 * latch.countDown();
 * console.log(latch.wait(10), latch.left, latch.abandoned); // false 1 false
 * latch.countDown();
 * await latch.waitAsync();
 * ```
 */
export class Latch extends SharedObject {
  readonly #kernel: LibraryKernel;
  readonly #address: number;

  /** @internal */
  constructor(existing: Existing);
  /**
   * @param counts how many, 0 to 2^31 - 1
   * @throws {TypeError} {RangeError} if `counts` is not such a number
   * @throws {SpaceFullError}
   */
  constructor(space: SharedSpace, counts: number);
  constructor(at: SharedSpace | Existing, counts?: number) {
    const create = (kernel: LibraryKernel) => {
      mustBeWhole(counts, "make a Latch", 0, MOST, "counts");
      return kernel.latch_create(counts);
    };
    super(at, "Latch", create);
    this.#kernel = this.space.kernel;
    this.#address = this.handle.address;
  }

  /** `latch.countDown(counts)`. */
  static countDown(latch: Latch, counts?: number): void {
    mustBeA(Latch, latch, COUNT_DOWN).countDown(counts);
  }

  /** `latch.promise(counts)`. */
  static promise(latch: Latch, counts?: number): void {
    mustBeA(Latch, latch, PROMISE).promise(counts);
  }

  /** `latch.wait(milliseconds)`. */
  static wait(latch: Latch, milliseconds?: number): boolean {
    return mustBeA(Latch, latch, WAIT).wait(milliseconds);
  }

  /** `latch.waitAsync(options)`. */
  static async waitAsync(latch: Latch, options?: WaitOptions): Promise<void> {
    return mustBeA(Latch, latch, WAIT).waitAsync(options);
  }

  /** How many counts are left. The number may be out of date at once. Never blocks. @throws {FreedError} */
  get left(): number {
    this.mustExist("look");
    return this.#kernel.latch_left(this.#address);
  }

  /**
   * Whether a worker died that had promised counts. Then not all that was counted down was done. Never blocks.
   *
   * @throws {FreedError}
   */
  get abandoned(): boolean {
    this.mustExist("look");
    return this.#kernel.latch_is_abandoned(this.#address) === 1;
  }

  /**
   * Counts down; at 0, all that wait go on. It keeps promises of this worker, if there are any. Never blocks. Any
   * worker may call it.
   *
   * @param counts 1 to 2^31 - 1. Default: 1
   * @throws {TypeError} if `counts` is not a number
   * @throws {RangeError} if fewer are left; nothing is counted then
   * @throws {SpaceFullError} if there is no room to record that this worker counts down
   * @throws {FreedError}
   */
  countDown(counts = 1): void {
    mustBeWhole(counts, COUNT_DOWN, 1, MOST, "counts");
    this.mustExist("count down");
    this.#mustBe(this.#kernel.latch_count_down(this.#address, counts), counts, COUNT_DOWN);
  }

  /**
   * Promises that this worker will count down that often, besides what it promised before. If it dies first, the
   * missing counts are counted down for it, and the latch is `abandoned`. A worker should call this as soon as it
   * starts. Never blocks.
   *
   * @param counts 1 to 2^31 - 1. Default: 1
   * @throws {TypeError} if `counts` is not a number
   * @throws {RangeError} if fewer are left than this worker would owe
   * @throws {SpaceFullError} if there is no room to record that this worker owes counts
   * @throws {FreedError}
   */
  promise(counts = 1): void {
    mustBeWhole(counts, PROMISE, 1, MOST, "counts");
    this.mustExist("promise");
    this.#mustBe(this.#kernel.latch_promise(this.#address, counts), counts, PROMISE);
  }

  /**
   * Blocks until nothing is left, at most `milliseconds`. 0 means one look; Infinity, the default, for ever.
   *
   * @returns false if the time was over first
   * @throws {TypeError} {RangeError} if `milliseconds` is not a number from 0 on
   * @throws {BlockingError} if something is left, on a browser's main thread
   * @throws {FreedError}
   */
  wait(milliseconds = Number.POSITIVE_INFINITY): boolean {
    mustBeTime(milliseconds, WAIT);
    this.mustExist("wait");
    return waitBlocking(this, this.#attempt, milliseconds) !== TIMED_OUT;
  }

  /**
   * As `wait`, without blocking.
   *
   * @throws {DOMException} of name `TimeoutError` when the time is over; the signal's reason when it is aborted
   * @throws {FreedError}
   */
  async waitAsync(options?: WaitOptions): Promise<void> {
    const { timeout, signal } = waitOptions(WAIT, options);
    this.mustExist("wait");
    const result = await waitAsync(this, this.#attempt, timeout, signal);
    if (result === TIMED_OUT) throw timeoutError(WAIT, timeout);
  }

  readonly #attempt = (as: number): number => this.#kernel.latch_attempt(this.#address, as);

  /** @internal */
  protected override madeWith(): unknown[] {
    return [this.#kernel.latch_initial(this.#address)];
  }

  #mustBe(result: number, counts: number, what: string): void {
    if (result === TOO_MANY_COUNTS) {
      const less = what === PROMISE ? ", less what this worker has promised" : "";
      throw new RangeError(`Cannot ${what}: received ${counts}; expected at most the ${this.left} left${less}`);
    }
    if (result === HOLDS_TOO_MANY) throw holdsTooMany(what);
  }
}
addClass("Latch", Latch);
