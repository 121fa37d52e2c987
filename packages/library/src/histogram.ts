import { mustBeOptions, wrong } from "./arguments.js";
import { addClass } from "./classes.js";
import { SpaceFullError } from "./errors.js";
import type { LibraryKernel } from "./kernel.js";
import { type Existing, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";

/**
 * How often which values occurred, such as nanoseconds that requests took: recorded by all workers at once, each in
 * buckets of its own. A bucket is as wide as 1/64 of its values, so that what is said of them is wrong by 1/128 at most
 * (two significant digits). A record stays when its worker dies, and is there whole or not at all.
 *
 * No method blocks. Memory: 4 bytes for each of the space's workers, and 24.7 kB for each slot that has recorded.
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
   * Counts a value: a whole number, 0 to 2^53 - 1. Choose its unit so that fractions do not matter.
   *
   * @throws {RangeError} if it is not one
   * @throws {SpaceFullError} if this is the first of the worker's slot, and there is no room
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
   * What all workers have recorded since the last reset: every record that has returned, none that began after the
   * call did. Of those under way meanwhile, the sum may have others than the counts. Takes some 0.4 ms.
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
   * Forgets all records that have returned; those under way are forgotten, or not. One atomic instruction: each worker
   * clears its own counts when it records again.
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

/** What a Histogram held at one time. */
export class HistogramSnapshot {
  /** How many values. */
  readonly count: number;
  /** Of all values, exact up to 2^53. */
  readonly sum: number;
  /** The least value, exact; NaN if there is none, as the others are. */
  readonly min: number;
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
   * The value that p percent of the values are at or below, at most 1/128 off; NaN if there is no value.
   *
   * @param p percent, 1 to 100, or 0: 0 is the least value, 50 the median, 100 the greatest. What is between 0 and 1 is
   *   refused, since it is mostly meant as a part of 1
   * @throws {TypeError} {RangeError} if it is another
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
