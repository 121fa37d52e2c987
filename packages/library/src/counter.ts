import { mustBeOptions, mustBeWhole, wrong } from "./arguments.js";
import { addClass } from "./classes.js";
import type { LibraryKernel } from "./kernel.js";
import { type Existing, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";

const MOST_BATCH = 2 ** 30;

export interface CounterOptions {
  /**
   * How far a worker's count may go up or down before `approximate` shows that: 1 to 2^30. Default: that of Linux,
   * twice the space's workers, at least 32.
   */
  readonly batch?: number | undefined;
}

/**
 * A sum to which all workers add at once, each on a cache line of its own. So adding costs the same however many
 * workers add. Amounts and sums are whole numbers, from -(2^53 - 1) to 2^53 - 1. When a worker dies, what it has added
 * stays.
 *
 * Every worker of the space may call every method, and none blocks. Memory: 144 bytes for each of the space's workers,
 * and for one more.
 *
 * See docs/library/counter.md.
 *
 * @example
 * ```ts
 * import { Counter, SharedSpace } from "landspout";
 *
 * const requests = new Counter(new SharedSpace(), { batch: 100 });
 * requests.add();
 * requests.add(41);
 * console.log(requests.exact(), requests.compare(40)); // 42 1
 * console.log(requests.approximate()); // 0: the batch is not full
 * ```
 */
export class Counter extends SharedObject {
  readonly #kernel: LibraryKernel;
  readonly #address: number;

  /**
   * @throws {RangeError} if the batch is out of its range
   * @throws {SpaceFullError}
   */
  constructor(space: SharedSpace | Existing, options: CounterOptions = {}) {
    super(space, "Counter", (kernel) => kernel.counter_create(batchOf(options)));
    this.#kernel = this.space.kernel;
    this.#address = this.handle.address;
  }

  /**
   * Adds, by one store to this worker's line. Other workers see the addition at the latest once they have synchronized
   * with this worker: by a lock, a message, an `Atomics` operation, or the like.
   *
   * @throws {TypeError} {RangeError} if the amount is not a safe integer
   * @throws {FreedError}
   */
  add(amount = 1): void {
    this.mustExist("add");
    if (typeof amount === "number" && amount === (amount | 0)) this.#kernel.counter_add(this.#address, amount);
    else this.#addNumber(amount);
  }

  /** @internal */
  protected override madeWith(): unknown[] {
    return [{ batch: this.#kernel.counter_batch(this.#address) }];
  }

  #addNumber(amount: number): void {
    mustBeSafe("add to a Counter", amount);
    this.#kernel.counter_add_number(this.#address, amount);
  }

  /**
   * The sum without the newest additions: for each of the space's workers, it is off by less than `batch`, and by what
   * the worker is just adding. Reads 8 bytes a worker.
   *
   * @throws {FreedError}
   */
  approximate(): number {
    this.mustExist("read");
    return this.#kernel.counter_approximate(this.#address);
  }

  /**
   * The sum. It has all additions that happened before the call, none that began after the call, and some of the
   * others.
   *
   * An addition of another worker happened before if the two workers have synchronized since, in the sense of
   * JavaScript's memory model: see `add`. Without that, the addition may be missing for some nanoseconds.
   *
   * So the sum is exact while no worker adds. While all amounts have the same sign, it lies between the values at the
   * call's begin and end. If, besides, all amounts are 1 (or all -1), the counter had this value at a moment of the
   * call: it is linearizable. Reads a cache line a worker.
   *
   * @throws {RangeError} if the sum is beyond 2^53 - 1
   * @throws {FreedError}
   */
  exact(): number {
    this.mustExist("read");
    const sum = this.#kernel.counter_exact(this.#address);
    if (!Number.isSafeInteger(sum)) {
      throw new RangeError(`Cannot read a Counter: received a sum of about ${sum}; expected at most 2^53 - 1`);
    }
    return sum;
  }

  /**
   * Whether the sum is below (-1), at (0) or above (1) the limit, as exactly as `exact` says it. It costs as little as
   * `approximate` while the limit is farther from the sum than the error of `approximate`.
   *
   * @throws {TypeError} {RangeError} if the limit is not a safe integer
   * @throws {FreedError}
   */
  compare(limit: number): -1 | 0 | 1 {
    mustBeSafe("compare a Counter", limit);
    this.mustExist("compare");
    return this.#kernel.counter_compare(this.#address, limit) as -1 | 0 | 1;
  }
}
addClass("Counter", Counter);

/** 0: the default. */
function batchOf(options: CounterOptions): number {
  const what = "make a Counter";
  mustBeOptions(options, what, ["batch"]);
  const { batch } = options;
  if (batch === undefined) return 0;
  mustBeWhole(batch, what, 1, MOST_BATCH, "a batch");
  return batch;
}

function mustBeSafe(what: string, value: number): void {
  if (!Number.isSafeInteger(value)) throw wrong(what, value, "a whole number of at most 2^53 - 1", "number");
}
