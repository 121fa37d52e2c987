import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Counter, FreedError, receive, SharedSpace } from "#library/index.js";
import { casesOf } from "../random-cases.js";
import { exit, type InWorker, inWorker, message } from "./in-worker.js";

const WORKERS = 8;
const space = new SharedSpace({ workers: WORKERS });

describe("Counter", () => {
  test("loses nothing of what workers add at once, and is off by fewer than a batch for each of them", async () => {
    const counter = new Counter(space, { batch: 50 });
    const add = ({ data }: InWorker<{ counter: Counter; amount: number }>) => {
      for (let i = 0; i < 30_011; i++) data.counter.add(data.amount);
    };
    await Promise.all([1, 3, -2, 7].map((amount) => exit(inWorker(add, { counter, amount }))));
    expect(counter.exact()).toBe(9 * 30_011);
    expect(Math.abs(counter.approximate() - counter.exact())).toBeLessThan(WORKERS * 50);
  });

  test("is read between its values before and after by who reads while others add", async () => {
    const counter = new Counter(space, { batch: 8 });
    const add = ({ data, say }: InWorker<{ counter: Counter }>) => {
      say("begins");
      for (let i = 0; i < 300_000; i++) data.counter.add();
    };
    const adders = [0, 1].map(() => inWorker(add, { counter }));
    const ended = Promise.all(adders.map(exit));
    await Promise.all(adders.map(message));
    let last = 0;
    for (let i = 0; i < 2000; i++) {
      const sum = counter.exact();
      expect(sum).toBeGreaterThanOrEqual(last);
      last = sum;
    }
    await ended;
    expect(counter.exact()).toBe(600_000);
  });

  test("keeps what workers have added that were terminated, and goes on in their slots", async () => {
    const counter = new Counter(space, { batch: 16 });
    const least = new Int32Array(new SharedArrayBuffer(4));
    const add = ({ data, say }: InWorker<{ counter: Counter; least: Int32Array }>) => {
      say("begins");
      for (;;) {
        data.counter.add();
        Atomics.add(data.least, 0, 1);
      }
    };
    const kills = casesOf(20);
    for (let kill = 0; kill < kills; kill++) {
      const worker = inWorker(add, { counter, least });
      await message(worker);
      await worker.terminate();
    }
    const sum = counter.exact();
    expect(sum).toBeGreaterThanOrEqual(least[0]!);
    // Each may have died between its two additions.
    expect(sum).toBeLessThanOrEqual(least[0]! + kills);
  });

  test("agrees with a plain sum, whatever is added, and compares as it does", () => {
    const amount = fc.oneof(
      fc.integer({ min: -40, max: 40 }),
      fc.integer(),
      fc.maxSafeInteger().map((n) => Math.trunc(n / 128)),
    );
    const property = fc.property(
      fc.array(amount, { maxLength: 64 }),
      fc.integer({ min: 1, max: 70 }),
      (amounts, batch) => {
        using counter = new Counter(space, { batch });
        let sum = 0;
        for (const amount of amounts) {
          counter.add(amount);
          sum += amount;
          expect(counter.exact()).toBe(sum);
          expect(Math.abs(counter.approximate() - sum)).toBeLessThan(batch);
          for (const limit of [sum - 1, sum, sum + 1, 0]) {
            expect(counter.compare(limit)).toBe(Math.sign(sum - limit) + 0);
          }
        }
      },
    );
    fc.assert(property, { numRuns: 200 });
  });

  test("takes whole numbers only", () => {
    const counter = new Counter(space);
    for (const amount of [0.5, Number.NaN, 2 ** 53, Number.NEGATIVE_INFINITY]) {
      expect(() => counter.add(amount)).toThrow(`Cannot add to a Counter: received ${amount}; expected a whole number`);
      expect(() => counter.compare(amount)).toThrow(RangeError);
    }
    expect(counter.exact()).toBe(0);
    counter.add(Number.MAX_SAFE_INTEGER);
    counter.add();
    expect(() => counter.exact()).toThrow(RangeError);
    expect(() => new Counter(space, { batch: 0 })).toThrow("received 0; expected a batch, a whole number, 1 to");
  });

  test("is the same for all who receive it, and of no use when it is freed", () => {
    const counter = new Counter(space);
    const copy = receive<Counter>(structuredClone(counter));
    copy.add(5);
    expect(counter.exact()).toBe(5);
    counter.free();
    expect(() => copy.add()).toThrow(FreedError);
    expect(() => copy.exact()).toThrow(FreedError);
  });
});
