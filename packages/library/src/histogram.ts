import { mustBeOptions, wrong } from "./arguments.js";
import { addClass } from "./classes.js";
import { SpaceFullError } from "./errors.js";
import type { LibraryKernel } from "./kernel.js";
import { type Existing, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";

/**
 * Counts how often values occurred, such as the nanoseconds that requests took. All workers record at once, each in
 * buckets of its own. A bucket is as wide as 1/64 of its values, so a percentile is at most 1/128 off (two significant
 * digits). When a worker dies, its records stay, each of them whole.
 *
 * Every worker of the space may call every method, and none blocks. Memory: 4 bytes for each of the space's workers,
 * and 24.7 kB for each slot that has recorded.
 *
 * See docs/library/histogram.md.
 *
 * @example
 * ```ts
 * import { Histogram, SharedSpace } from "landspout";
 *
 * const latencies = new Histogram(new SharedSpace());
 * for (const milliseconds of [3, 5, 4]) latencies.record(milliseconds);
 * const { count, sum } = latencies.snapshot();
 * console.log(sum / count, latencies.snapshot().percentile(50)); // 4 4
 * latencies.reset();
 * ```
 */
export class Histogram extends SharedObject {
  readonly #kernel: LibraryKernel;
  readonly #address: number;

  /** @throws {SpaceFullError} */
  constructor(space: SharedSpace | Existing, options: Record<never, never> = {}) {
    const create = (kernel: LibraryKernel) => {
      mustBeOptions(options, "make a Histogram", []);
      return kernel.histogram_create();
    };
    super(space, "Histogram", create);
    this.#kernel = this.space.kernel;
    this.#address = this.handle.address;
  }

  /**
   * Counts a value: a whole number, 0 to 2^53 - 1. Choose a unit in which fractions do not matter.
   *
   * @throws {TypeError} {RangeError} if it is not such a number
   * @throws {SpaceFullError} if this is the first record of the worker's slot, and there is no room
   * @throws {FreedError}
   */
  record(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw wrong("record", value, "a whole number, 0 to 2^53 - 1", "number");
    }
    this.mustExist("record");
    if (this.#kernel.histogram_record(this.#address, value) === 0) {
      throw new SpaceFullError(
        "Cannot record: received a space that is full; expected 24.7 kB for this worker's counts",
      );
    }
  }

  /**
   * What all workers have recorded since the last reset. It has every record that has returned, and none that began
   * after the call. Of the records in progress, `sum` and the counts may have different ones. Takes some 0.4 ms.
   *
   * @throws {FreedError}
   */
  snapshot(): HistogramSnapshot {
    this.mustExist("read");
    const kernel = this.#kernel;
    for (;;) {
      const epoch = kernel.histogram_epoch(this.#address);
      const counts = Float64Array.from({ length: kernel.BUCKETS.value }, (_, bucket) =>
        kernel.histogram_count(this.#address, bucket),
      );
      const [sum, min, max] = [
        kernel.histogram_sum(this.#address),
        kernel.histogram_least(this.#address),
        kernel.histogram_most(this.#address),
      ];
      if (kernel.histogram_epoch(this.#address) !== epoch) continue;
      return new HistogramSnapshot(counts, sum, min, max, (bucket) => kernel.histogram_lower_bound(bucket));
    }
  }

  /**
   * Forgets all records that have returned; a record in progress may stay. Takes one atomic instruction: each worker
   * clears its own counts at its next record.
   *
   * @throws {FreedError}
   */
  reset(): void {
    this.mustExist("reset");
    this.#kernel.histogram_reset(this.#address);
  }

  /** @internal */
  protected override madeWith(): unknown[] {
    return [{}];
  }
}
addClass("Histogram", Histogram);

/**
 * What a Histogram held at one time.
 *
 * See docs/library/histogram.md.
 *
 * @example
 * ```ts
 * import { Histogram, SharedSpace } from "landspout";
 *
 * const sizes = new Histogram(new SharedSpace());
 * sizes.record(1000);
 * const { count, sum, min, max, mean } = sizes.snapshot();
 * console.log(count, sum, min, max, mean); // 1 1000 1000 1000 1000
 * ```
 */
export class HistogramSnapshot {
  /** The number of values. */
  readonly count: number;
  /** The sum of all values, exact up to 2^53. */
  readonly sum: number;
  /** The least value, exact. `min`, `max` and `mean` are NaN if there is no value. */
  readonly min: number;
  /** The greatest value, exact. */
  readonly max: number;
  readonly mean: number;
  readonly #counts: Float64Array;
  readonly #lowerBound: (bucket: number) => number;

  /** @internal */
  constructor(counts: Float64Array, sum: number, min: number, max: number, lowerBound: (bucket: number) => number) {
    this.count = counts.reduce((sum, count) => sum + count, 0);
    this.sum = sum;
    this.min = this.count > 0 ? min : Number.NaN;
    this.max = this.count > 0 ? max : Number.NaN;
    this.mean = sum / this.count;
    this.#counts = counts;
    this.#lowerBound = lowerBound;
  }

  /**
   * The value that p percent of the values are at or below. It is at most 1/128 off, and NaN if there is no value.
   *
   * @param p percent: 1 to 100, or 0. 0 gives the least value, 50 the median, 100 the greatest. A number between 0 and
   *   1 is refused, since it is mostly meant as a fraction
   * @throws {TypeError} {RangeError} if `p` is not such a number
   */
  percentile(p: number): number {
    if (!(typeof p === "number" && (p === 0 || (p >= 1 && p <= 100)))) {
      throw wrong("read a percentile", p, "percent: 0, or 1 to 100, as 99 for 99 of 100 values", "number");
    }
    if (p === 0) return this.min;
    const rank = Math.ceil((p / 100) * this.count);
    if (rank >= this.count) return this.max;
    let bucket = 0;
    for (let seen = this.#counts[0]!; seen < rank; seen += this.#counts[bucket]!) bucket++;
    const middle = Math.floor((this.#lowerBound(bucket) + this.#lowerBound(bucket + 1) - 1) / 2);
    return Math.min(Math.max(middle, this.min), this.max);
  }
}
