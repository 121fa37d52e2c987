import { describe, expect, test } from "vitest";
import { PoolClosedError } from "#library/index.js";
import { plainPool, reasonOf } from "./pools.js";

describe("What is wrong is said with the option's name", () => {
  test.each([
    [{ growAfter: Number.NaN }, /received NaN; expected growAfter, /],
    [{ shrinkAfter: -1 }, /received -1; expected shrinkAfter, /],
    [{ grace: "5" }, /received "5"; expected grace, /],
    [{ recycleAfter: 0 }, /received 0; expected recycleAfter, /],
    [{ recycleAbove: 1.5 }, /received 1.5; expected recycleAbove, /],
    [{ init: () => {} }, /received an init of which structured clone says: .*; expected what it copies/],
  ])("of a pool", (options, message) => {
    expect(() => plainPool(options as never)).toThrow(message);
  });

  test("of a call", async () => {
    await using pool = plainPool({ workers: 1 });
    const run = (options: object) => reasonOf(pool.run("add", [1, 2], options));
    expect((await run({ timeout: -1 })).message).toMatch(/received -1; expected timeout, /);
    expect((await run({ deadline: Number.NaN })).message).toMatch(/received NaN; expected deadline, /);
    const runOnAll = pool.runOnAll as (...given: unknown[]) => Promise<unknown>;
    expect((await reasonOf(runOnAll.call(pool, "add", [1, 2], { timeout: 5 }))).message).toMatch(/runOnAll has none/);
    expect(() => pool.close({ force: "no" as never })).toThrow(/received "no"; expected force: true or false/);
  });

  test("of values that cannot be moved", async () => {
    await using pool = plainPool({ workers: 1 });
    const none = await reasonOf(pool.run("add", [1, 2], { transfer: [{}] }));
    expect(none).toMatchObject({
      name: "DataCloneError",
      message: expect.stringMatching(/^Cannot run add: received /),
    });
    const buffer = new ArrayBuffer(8);
    const uncopied = await reasonOf(pool.run("add", [(() => {}) as never, 1], { transfer: [buffer] }));
    expect(uncopied).toMatchObject({ name: "DataCloneError", message: expect.stringMatching(/could not be cloned/) });
    expect((await reasonOf(pool.run("movesNothing"))).message).toMatch(/^Cannot move a result: received undefined; /);
  });
});

test("Types take arguments that nobody can change, and refuse to map a task that needs two", async () => {
  await using pool = plainPool({ workers: 1 });
  const two = [1, 2] as const;
  expect(await pool.run("add", two)).toBe(3);
  expect(await pool.runOnAll("add", two)).toEqual([3]);
  // @ts-expect-error `map` gives one argument.
  expect((await pool.map("add", [1]).next()).value).toBeNaN();
});

test("A signal that a getter of the arguments aborts takes the task back", async () => {
  await using pool = plainPool({ workers: 1 });
  const controller = new AbortController();
  const aborts = {
    get value() {
      controller.abort();
      return 1;
    },
  };
  const aborted = pool.run("add", [aborts as never, 1], { signal: controller.signal });
  expect((await reasonOf(aborted)).name).toBe("AbortError");
});

describe("A task that closes its pool", () => {
  test("by force ends the workers, too", async () => {
    const pool = plainPool({ workers: 2 });
    const others = pool.run("never");
    const closes = pool.run("closes", [true]);
    expect(await reasonOf(others)).toBeInstanceOf(PoolClosedError);
    // It may have been done when the maker heard of it.
    await Promise.allSettled([closes]);
    await pool.close();
  });

  test("leaves its statistics to the maker", async () => {
    await using pool = plainPool({ workers: 1 });
    await pool.run("closes", [false]);
    while (pool.workers > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(pool.statistics().running?.count).toBe(1);
  });
});
