import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FreedError, Histogram, receive, SharedSpace } from "#library/index.js";
import { exit, type InWorker, inWorker, message } from "./in-worker.js";

const space = new SharedSpace({ workers: 8 });

describe("Histogram", () => {
  test("says percentiles that are at most 1/128 off, and all else exactly", () => {
    const value = fc.oneof(fc.nat(300), fc.nat(), fc.maxSafeNat());
    const property = fc.property(
      fc.array(value, { minLength: 1, maxLength: 60 }),
      fc.oneof(fc.constant(0), fc.double({ min: 1, max: 100, noNaN: true })),
      (values, p) => {
        using histogram = new Histogram(space);
        for (const value of values) histogram.record(value);
        const snapshot = histogram.snapshot();
        const sorted = values.toSorted((a, b) => a - b);
        const { count, sum, min, max, mean } = snapshot;
        expect({ count, min, max }).toEqual({ count: values.length, min: sorted[0], max: sorted.at(-1) });
        expect(sum).toBe(Number(values.reduce((sum, value) => sum + BigInt(value), 0n)));
        expect(mean).toBe(sum / count);
        const exact = sorted[Math.max(0, Math.ceil((p / 100) * count) - 1)]!;
        expect(Math.abs(snapshot.percentile(p) - exact)).toBeLessThanOrEqual(exact / 128);
      },
    );
    fc.assert(property, { numRuns: 100 });
  });

  test("has all that workers record at once, and what terminated ones had recorded", async () => {
    const histogram = new Histogram(space);
    const record = ({ data }: InWorker<{ histogram: Histogram; value: number }>) => {
      for (let i = 0; i < 10_000; i++) data.histogram.record(data.value);
    };
    await Promise.all([10, 1000, 100_000].map((value) => exit(inWorker(record, { histogram, value }))));
    const { count, sum, min, max } = histogram.snapshot();
    expect({ count, sum, min, max }).toEqual({ count: 30_000, sum: 1_010_100_000, min: 10, max: 100_000 });
    histogram.reset();
    const recordForEver = ({ data, say }: InWorker<{ histogram: Histogram }>) => {
      data.histogram.record(7);
      say("has begun");
      for (;;) data.histogram.record(7);
    };
    for (let kill = 0; kill < 10; kill++) {
      const worker = inWorker(recordForEver, { histogram });
      await message(worker);
      await worker.terminate();
    }
    const after = histogram.snapshot();
    expect(Math.abs(after.sum - 7 * after.count)).toBeLessThanOrEqual(7);
    expect([after.min, after.max]).toEqual([7, 7]);
  });

  test("forgets what was recorded before a reset, by whomever", async () => {
    const histogram = new Histogram(space);
    await exit(inWorker(({ data }: InWorker<Histogram>) => data.record(5), histogram));
    histogram.record(900);
    histogram.reset();
    expect(histogram.snapshot()).toMatchObject({ count: 0, sum: 0, min: Number.NaN, mean: Number.NaN });
    expect(histogram.snapshot().percentile(50)).toBeNaN();
    histogram.record(3);
    expect(histogram.snapshot()).toMatchObject({ count: 1, sum: 3, min: 3, max: 3 });
  });

  test("takes whole numbers from 0 on only, and percentiles from 0 to 100", () => {
    const histogram = new Histogram(space);
    for (const value of [-1, 0.5, 2 ** 53, Number.NaN]) {
      expect(() => histogram.record(value)).toThrow(`Cannot record: received ${value}; expected a whole number`);
    }
    expect(() => histogram.snapshot().percentile(101)).toThrow(RangeError);
    const copy = receive<Histogram>(structuredClone(histogram));
    histogram.free();
    expect(() => copy.record(1)).toThrow(FreedError);
  });
});
