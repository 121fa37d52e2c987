import { describe, expect, test } from "vitest";
import { measurePool } from "#library/debug/index.js";
import { plainPool } from "./pools.js";

/** What was observed at the last collection, by instrument, and percentile if there is one. */
class Meter {
  #callbacks = new Set<(result: { observe: Meter["observe"] }) => void>();
  seen = new Map<string, number>();
  observe = (instrument: string, value: number, attributes: Record<string, string | number> = {}) => {
    this.seen.set([instrument, ...Object.values(attributes)].join(" "), value);
  };
  createObservableCounter = (name: string) => name;
  createObservableGauge = (name: string) => name;
  addBatchObservableCallback = (callback: (result: { observe: Meter["observe"] }) => void) => {
    this.#callbacks.add(callback);
  };
  removeBatchObservableCallback = (callback: (result: { observe: Meter["observe"] }) => void) => {
    this.#callbacks.delete(callback);
  };

  collect(): number {
    for (const callback of this.#callbacks) callback({ observe: this.observe });
    return this.#callbacks.size;
  }
}

describe("measurePool", () => {
  test("reports tasks, workers and times; what a worker has done is counted once, also if it is replaced", async () => {
    const meter = new Meter();
    await using pool = plainPool({ workers: 1, recycleAfter: 5 });
    await measurePool(pool, meter);
    for (let i = 0; i < 3; i++) await pool.run("add", [1, 2], { key: "k" });
    await pool.run("throwIt", [1]).catch(() => {});
    meter.collect();
    const { seen } = meter;
    expect(seen.get("landspout.pool.tasks")).toBe(4);
    expect(seen.get("landspout.pool.tasks.failed")).toBe(1);
    expect(seen.get("landspout.pool.tasks.cold")).toBe(1);
    expect(seen.get("landspout.pool.tasks.warm")).toBe(2);
    expect(seen.get("landspout.pool.workers")).toBe(1);
    expect(seen.get("landspout.pool.queued")).toBe(0);
    expect(seen.get("landspout.pool.waiting.time 50")).toBeGreaterThanOrEqual(0);
    expect(seen.get("landspout.pool.running.time 99")).toBeGreaterThanOrEqual(0);
    const before = seen.get("landspout.pool.tasks")!;
    for (let i = 0; i < 20; i++) {
      await pool.run("add", [1, 2]);
      meter.collect();
      expect(seen.get("landspout.pool.tasks")).toBeGreaterThanOrEqual(before);
    }
  });

  test("ends with the pool", async () => {
    const meter = new Meter();
    const pool = plainPool({ workers: 1 });
    await measurePool(pool, meter);
    await pool.close();
    meter.collect();
    expect(meter.collect()).toBe(0);
  });

  test("refuses what is no pool, and no meter", async () => {
    await expect(measurePool({} as never, new Meter())).rejects.toThrow(
      "Cannot measure a Pool: received {}; expected a Pool",
    );
    await using pool = plainPool({ workers: 1 });
    await expect(measurePool(pool, {} as never)).rejects.toThrow(
      "Cannot measure a Pool: received {}; expected a Meter of OpenTelemetry",
    );
  });
});
