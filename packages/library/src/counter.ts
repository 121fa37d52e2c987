import { mustBeOptions, mustBeWhole, wrong } from "./arguments.js";
import { addClass } from "./classes.js";
import type { LibraryKernel } from "./kernel.js";
import { type Existing, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";

const MOST_BATCH = 2 ** 30;

export interface CounterOptions {
  /**
   * How far a worker's count may go, up or down, before others see it in `approximate`: 1 to 2^30. Default: Linux's, twice
   * the space's workers, at least 32.
   */
  readonly batch?: number | undefined;
}

/**
 * A sum that all workers add to at once, each on a cache line of its own: adding costs the same however many do it.
 * Values are whole numbers, up to 2^53 - 1 in either direction, the sum too. What a worker has added stays when it dies.
 *
 * No method blocks. Memory: 144 bytes for each of the space's workers, and for one more.
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
   * Adds; one store to a line of this worker's. Others that read it have it at the latest when they have synchronized with
   * this worker: by a lock, a message, an `Atomics` operation, or anything else of the kind.
   *
   * @throws {RangeError} if the amount is no safe integer
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
   * The sum, less at most what each worker has added since it was last a batch ahead: off by fewer than `batch` for each
   * of the space's workers, and by what is being added. Reads 8 bytes a worker.
   *
   * @throws {FreedError}
   */
  approximate(): number {
    this.mustExist("read");
    return this.#kernel.counter_approximate(this.#address);
  }

  /**
   * The sum: all additions that happened before the call, none that began after it did, and of the others some. An
   * addition of another worker happened before if the two have synchronized since (see `add`), as JavaScript's memory model has it; without
   * that it may be missing for some nanoseconds. So while nobody adds it is exact; while all add amounts of the same
   * sign it is between the values at the call's begin and its end, and if they add 1 (or all -1) the counter had that value
   * at a moment of the call (it is linearizable). Reads a cache line a worker.
   *
   * @throws {RangeError} if it is beyond 2^53 - 1
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
   * Whether the sum is below (-1), at (0) or above (1) the limit, with the promise of `exact`; as cheap as `approximate`
   * while the sum is farther from the limit than `approximate` can be wrong.
   *
   * @throws {RangeError} if the limit is no safe integer
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
