import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { beforeEach, describe, expect, test } from "vitest";
import { createMemory, type KernelExports, loadKernel, moduleOf, WITHOUT_MESSAGES } from "#machines/index.js";

const kernel = await loadKernel();
const memory = createMemory(kernel);
const worked: number[] = [];
/** What the clock says next; 1 when there is nothing more. */
const times: number[] = [];
/** Called when a processor works, once. */
let release: (() => void) | undefined;
const instance = new WebAssembly.Instance(moduleOf(kernel), {
  env: { memory },
  machine: {
    ...{
      processor: () => 0,
      processors: () => 1,
      pause() {},
      mark() {},
      invoke() {},
      result() {},
      clock: () => times.shift() ?? 1,
      counter: () => 0,
    },
    ...WITHOUT_MESSAGES,
    work: (cycles: number) => {
      worked.push(cycles);
      release?.();
      release = undefined;
    },
    fail: (reason: number) => {
      throw new Error(`failed: ${reason}`);
    },
  },
});
const exports = instance.exports as unknown as KernelExports & Record<string, (...parameters: number[]) => number>;
const words = () => new Uint32Array(memory.buffer);

describe("the read-modify-write primitives", () => {
  test("return the value before and store the new one", () => {
    exports.boot(1);
    const address = exports.shared(4);
    const word = () => words()[address / 4];
    expect([exports.test_and_set!(address), word()]).toEqual([0, 1]);
    expect([exports.test_and_set!(address), word()]).toEqual([1, 1]);
    expect([exports.fetch_and_store!(address, 5), word()]).toEqual([1, 5]);
    expect([exports.fetch_and_increment!(address), word()]).toEqual([5, 6]);
    expect([exports.fetch_and_decrement!(address), word()]).toEqual([6, 5]);
    expect([exports.compare_and_swap!(address, 4, 9), word()]).toEqual([0, 5]);
    expect([exports.compare_and_swap!(address, 5, 9), word()]).toEqual([1, 9]);
  });

  test("wrap at 2^32", () => {
    exports.boot(1);
    const address = exports.shared(4);
    expect(exports.fetch_and_decrement!(address)).toBe(0);
    expect(words()[address / 4]).toBe(2 ** 32 - 1);
    expect(exports.fetch_and_increment!(address) >>> 0).toBe(2 ** 32 - 1);
    expect(words()[address / 4]).toBe(0);
  });
});

describe("placement", () => {
  test("hands out whole zeroed cache lines, homed where they were asked for", () => {
    exports.boot(3);
    const shared = [exports.shared(1), exports.shared(129), exports.shared(4)];
    expect(shared.map((address) => address - shared[0]!)).toEqual([0, 128, 384]);
    expect(shared.map((address) => exports.home(address))).toEqual([-1, -1, -1]);
    for (let processor = 0; processor < 3; processor++) {
      const address = exports.local(processor, 8);
      expect(exports.home(address)).toBe(processor);
      expect(address % 128).toBe(0);
      words()[address / 4] = 7;
    }
    expect(exports.allocated()).toBe(4 * 128 + 3 * 128);
    exports.boot(3);
    expect(exports.allocated()).toBe(0);
    expect(words()[exports.local(1, 4) / 4]).toBe(0);
  });

  test("does not let the local records of neighbours meet in one set of a cache", () => {
    exports.boot(4);
    const offsets = [0, 1, 2, 3].map((processor) => exports.local(processor, 4) % 4096);
    expect(new Set(offsets).size).toBe(4);
  });

  test.each(["shared", "local"])("fails where %s memory is used up, and boots again", (part) => {
    exports.boot(2);
    const take = () => (part === "shared" ? exports.shared(1 << 20) : exports.local(1, 40_000));
    take();
    expect(() => {
      for (let i = 0; i < 4; i++) take();
    }).toThrow(part === "shared" ? "failed: 1" : "failed: 2");
    exports.boot(2);
    expect(exports.allocated()).toBe(0);
    expect(words()[take() / 4]).toBe(0);
  });
});

describe("bystander_run", () => {
  /** Processor 1 is the bystander, who reads eight lines from `address` on. */
  function stand(think: number, reads: number, address = exports.local(1, 8 * 128)) {
    const record = exports.bystander_prepare(1);
    worked.length = 0;
    exports.bystander_run!(record, address, 128, 8, think, reads);
    const { bystander_reads, bystander_total, bystander_longest } = exports;
    return [bystander_reads(record), bystander_total(record), bystander_longest(record)];
  }
  beforeEach(() => exports.boot(2));

  test("adds up the latencies of its reads and keeps the longest", () => {
    times.push(10, 15, 20, 29, 30, 31);
    expect(stand(0, 3)).toEqual([3, 15, 9]);
    expect(worked).toEqual([]);
  });

  test("thinks before each read, around the mean", () => {
    stand(1000, 200);
    expect(worked).toHaveLength(200);
    for (const cycles of worked) expect(cycles).toBeLessThan(2000);
    const mean = worked.reduce((a, b) => a + b) / 200;
    expect(mean).toBeGreaterThan(800);
    expect(mean).toBeLessThan(1200);
  });

  test("comes round to the first line again", () => {
    const lastLines = memory.buffer.byteLength - 8 * 128;
    expect(stand(0, 20, lastLines)[0]).toBe(20);
    expect(() => stand(0, 20, lastLines + 128)).toThrow(/out of bounds/);
  });
});

describe("set_slot", () => {
  /** Cycles of a second waiter's first delay, with a unit of delays. */
  function firstDelay(slot: number): number {
    exports.boot(2);
    exports.set_slot(slot);
    const lock = exports.test_and_set_linear_create!(2);
    const waiter = exports.test_and_set_linear_attach!(lock, 0);
    exports.test_and_set_linear_acquire!(lock, waiter);
    worked.length = 0;
    release = () => exports.test_and_set_linear_release!(lock, waiter);
    exports.test_and_set_linear_acquire!(lock, waiter);
    return worked[0]!;
  }

  test("sets the unit of delays until the next boot", () => {
    expect(firstDelay(300)).toBe(300);
    expect(firstDelay(7)).toBe(7);
    expect(firstDelay(0)).toBe(128);
  });
});

describe("set_patience", () => {
  /** Cycles between the looks of a waiter that is let in once it sleeps. */
  async function delays(patience: number): Promise<number[]> {
    exports.boot(1);
    exports.set_patience(patience);
    const lock = exports.spin_then_block_create!(1);
    exports.spin_then_block_acquire!(lock, 0);
    worked.length = 0;
    const CONTENDED = 2;
    const holder = new Worker(
      `const { words, word } = require("node:worker_threads").workerData;
       while (Atomics.load(words, word) !== ${CONTENDED});
       Atomics.store(words, word, 0);
       Atomics.notify(words, word);`,
      { eval: true, workerData: { words: new Int32Array(memory.buffer), word: lock / 4 } },
    );
    exports.spin_then_block_acquire!(lock, 0);
    await once(holder, "exit");
    return [...worked];
  }

  test("sets how long a processor spins before it sleeps, until the next boot", async () => {
    expect(await delays(1)).toEqual([]);
    expect(await delays(100)).toEqual([32, 64]);
    expect(await delays(0)).toEqual(Array.from({ length: 10 }, (_, look) => 32 * 2 ** look));
  });
});

describe("random delays", () => {
  /** The think times that a seed gives. */
  function delays(seed: number): number[] {
    exports.boot(1);
    worked.length = 0;
    exports.ticket_run!(exports.ticket_prepare!(1, 8, 0, 1000, 0, seed));
    return [...worked];
  }

  test("are a function of the seed", () => {
    expect(delays(1)).toHaveLength(8);
    expect(delays(1)).toEqual(delays(1));
    expect(delays(2)).not.toEqual(delays(1));
    for (const cycles of delays(3)) expect(cycles).toBeLessThan(2000);
  });

  test("of the backoff locks are, too", () => {
    const state = (seed: number) => {
      exports.boot(1);
      exports.backoff_after_release_prepare!(1, 1, 0, 0, 0, seed);
      // The lock's private record and the workload's are the last two lines given out.
      return Array.from(new Uint8Array(memory.buffer, exports.local(0, 4) - 256, 128));
    };
    expect(state(1)).toEqual(state(1));
    expect(state(2)).not.toEqual(state(1));
  });
});
