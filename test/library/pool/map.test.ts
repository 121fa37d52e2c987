import { describe, expect, test } from "vitest";
import { plainPool } from "./pools.js";

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Numbers, and how many were asked for; whether it was told to end. */
class Source {
  asked = 0;
  hasEnded = false;

  *items(count: number) {
    try {
      for (let i = 0; i < count; i++) {
        this.asked++;
        yield i;
      }
    } finally {
      this.hasEnded = true;
    }
  }
}

describe("map", () => {
  test.each(["throwsNever", "sometimesLater"] as const)(
    "gives the results of %s in order, also in chunks",
    async (name) => {
      await using pool = plainPool({ workers: 2 });
      const results: number[] = [];
      for await (const result of pool.map(name, numbers(3000), { concurrency: 512 })) results.push(result);
      expect(results).toEqual(numbers(3000));
      // Else each item was a task of the queue.
      if (name === "throwsNever") expect(pool.statistics().running!.count).toBeLessThan(3000);
    },
  );

  test("has no more items begun and not taken than it is told, also in chunks", async () => {
    await using pool = plainPool({ workers: 2 });
    const source = new Source();
    let taken = 0;
    for await (const _ of pool.map("throwsNever", source.items(2000), { concurrency: 100 })) {
      taken++;
      expect(source.asked - taken).toBeLessThanOrEqual(100);
    }
    expect(taken).toBe(2000);
  });

  test.each([false, true])(
    "gives what came before an error, then the error as it was thrown; by key: %s",
    async (isKeyed) => {
      await using pool = plainPool({ workers: 1 });
      const results: number[] = [];
      const source = new Source();
      const iterate = async () => {
        const options = { concurrency: 64, ...(isKeyed ? { key: () => 1 } : {}) };
        for await (const result of pool.map("throwsAt500", source.items(1000), options)) results.push(result);
      };
      await expect(iterate()).rejects.toMatchObject({ name: "RangeError", message: "500" });
      expect(results).toEqual(numbers(500));
      expect(source.hasEnded).toBe(true);
      expect(source.asked).toBeLessThan(1000);
    },
  );

  test("asks for nothing more when its consumer leaves", async () => {
    await using pool = plainPool({ workers: 1 });
    const source = new Source();
    for await (const result of pool.map("throwsNever", source.items(1000), { concurrency: 16 }))
      if (result === 20) break;
    expect(source.hasEnded).toBe(true);
    expect(source.asked).toBeLessThanOrEqual(21 + 16);
  });
});
