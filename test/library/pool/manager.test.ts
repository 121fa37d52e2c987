import { describe, expect, test } from "vitest";
import { Pool, PoolClosedError } from "#library/index.js";
import { deathsPool, plainPool, reasonOf, startsPool, until, urlOf, wordsFor } from "./pools.js";

/** What a pool and its tasks say that cannot start. */
async function failureOf(pool: Pool): Promise<Error> {
  const failure = await reasonOf(pool.started);
  expect(failure.message).toMatch(
    /^Cannot start the workers of a Pool: received .*; expected file:.* to load, and its init to resolve$/s,
  );
  expect(await reasonOf(pool.run("anything"))).toBe(failure);
  expect(pool.closed).toBe(true);
  await pool.close();
  return failure;
}

describe("A pool that cannot start", () => {
  test("says so of a module that is not there, with its loader's error as the cause", async () => {
    const failure = await failureOf(new Pool(urlOf("missing.js"), { workers: 2 }));
    expect(failure.cause).toMatchObject({ code: "ERR_MODULE_NOT_FOUND" });
  });

  test("says so of a module that throws", async () => {
    const failure = await failureOf(new Pool(urlOf("throws.js"), { workers: 1 }));
    expect(failure.cause).toMatchObject({ name: "SyntaxError", message: "this module throws", code: "ETHROWS" });
  });

  test("says so of an init that rejects, or ends the worker", async () => {
    const throwing = await failureOf(startsPool({ workers: 2, init: { throws: true } }) as never);
    expect(throwing.cause).toMatchObject({ message: "init does not want to", code: "EINIT" });
    const ended = await failureOf(startsPool({ workers: 1, init: { exits: 9 } }) as never);
    expect(ended.message).toContain("a worker that ended with exit code 9");
  });

  test("rejects what was submitted before it failed", async () => {
    const pool = new Pool(urlOf("throws.js"), { workers: 1 });
    const task = reasonOf(pool.run("anything"));
    const failure = await reasonOf(pool.started);
    expect(await task).toBe(failure);
    await pool.close();
  });

  test("without any worker at first fails with its first task", async () => {
    const pool = new Pool(urlOf("throws.js"), { workers: 1, minimum: 0 });
    await pool.started;
    expect((await reasonOf(pool.run("anything"))).cause).toMatchObject({ code: "ETHROWS" });
    await pool.close();
  });

  test("throws at once for what no worker could be given", () => {
    expect(() => plainPool({ workers: 1, init: () => {} })).toThrow(/^Cannot make a Pool: received an init of /);
    expect(() => plainPool({ workers: 1, execArgv: ["--no-such-option"] })).toThrow(/no-such-option/);
  });
});

describe("init", () => {
  test("is awaited in each worker, with its argument, of which objects of the space are the same", async () => {
    const space = plainPool({ workers: 1 });
    const { shared, words } = wordsFor(space as never);
    const pool = startsPool({ workers: 3, init: { counts: shared, text: "given" } });
    await pool.started;
    expect(words[0]).toBe(3);
    expect(await pool.run("argument")).toBe("given");
    await pool.close();
    await space.close();
  });
});

describe("Workers", () => {
  test("that die at their start are started again, until some in a row have", async () => {
    const space = plainPool({ workers: 1 });
    const { shared, words } = wordsFor(space as never);
    const pool = startsPool({ workers: 1, init: { counts: shared, diesFrom: 1 } });
    await pool.started;
    expect((await reasonOf(pool.run("die"))).name).toBe("WorkerDiedError");
    const failure = await reasonOf(pool.run("argument"));
    expect(failure.message).toContain("a worker that ended with exit code 3");
    expect(words[0]).toBe(6);
    await pool.close();
    await space.close();
  });

  test("are added while tasks wait, up to the most, and taken away when they are idle, down to the fewest", async () => {
    const pool = plainPool({ workers: 3, minimum: 1, growAfter: 1, shrinkAfter: 20 });
    await pool.started;
    expect(pool.workers).toBe(1);
    const { shared, words } = wordsFor(pool as never);
    const blocked = Array.from({ length: 5 }, () => pool.run("block", [shared]));
    await until(() => Atomics.load(words, 0) === 3);
    expect(pool.workers).toBe(3);
    expect(pool.queued).toBe(2);
    Atomics.store(words, 1, 1);
    Atomics.notify(words, 1);
    expect(new Set(await Promise.all(blocked)).size).toBe(3);
    await until(() => pool.workers === 1);
    expect(await pool.run("add", [1, 2])).toBe(3);
    await pool.close();
  });

  test("are as many as there are tasks, where there is none at first, and end when they are idle", async () => {
    const pool = plainPool({ workers: 2, minimum: 0, shrinkAfter: 20 });
    await pool.started;
    expect(pool.workers).toBe(0);
    for (let i = 0; i < 3; i++) {
      expect(await pool.run("add", [i, 1])).toBe(i + 1);
      await until(() => pool.workers === 0);
    }
    await pool.close();
  });

  test("that work are not idle, however long a task takes", async () => {
    const pool = plainPool({ workers: 2, minimum: 1, growAfter: 1, shrinkAfter: 10 });
    const { shared, words } = wordsFor(pool as never);
    const blocked = [pool.run("block", [shared]), pool.run("block", [shared])];
    await until(() => Atomics.load(words, 0) === 2);
    await new Promise((resolve) => setTimeout(resolve, 60));
    Atomics.store(words, 1, 1);
    Atomics.notify(words, 1);
    expect(new Set(await Promise.all(blocked)).size).toBe(2);
    await pool.close();
  });

  test("are replaced after so many tasks, while the others of the pool go on and no task is lost", async () => {
    const pool = plainPool({ workers: 2, recycleAfter: 20 });
    const threads = new Set<number>();
    while (threads.size < 6) {
      for (const thread of await Promise.all(Array.from({ length: 10 }, () => pool.run("thread")))) threads.add(thread);
      expect(pool.workers).toBeGreaterThan(0);
    }
    await pool.close();
  });

  test("are replaced only when their replacement works: a pool of one always has one", async () => {
    const pool = plainPool({ workers: 1, recycleAfter: 1 });
    await pool.started;
    const first = await pool.run("thread");
    for (let last = first; last === first; last = await pool.run("thread")) expect(pool.workers).toBeGreaterThan(0);
    expect(pool.workers).toBeGreaterThan(0);
    await pool.close();
  });

  test("are replaced when their heap is large", async () => {
    const pool = plainPool({ workers: 1, recycleAbove: 1 });
    const first = await pool.run("thread");
    let last = first;
    while (last === first) last = await pool.run("thread");
    expect(last).not.toBe(first);
    await pool.close();
  });

  test("have Node's options", async () => {
    const pool = new Pool(urlOf("surroundings.js"), {
      workers: 1,
      env: { SOME: "variable" },
      argv: ["an argument"],
      workerData: { some: "data" },
      name: "a name",
    });
    expect(await pool.run("surroundings")).toEqual({
      env: { SOME: "variable" },
      argv: ["an argument"],
      workerData: { some: "data" },
    });
    await pool.close();
  });
});

describe("Pool.close", () => {
  test("lets what was submitted end, also what waits, and takes nothing new", async () => {
    const pool = plainPool({ workers: 1, capacity: 32 });
    const { shared, words } = wordsFor(pool as never);
    const blocked = pool.run("block", [shared]);
    const waiting = Array.from({ length: 100 }, (_, i) => pool.run("add", [i, 1]));
    const nested = pool.run("nested", [3]);
    await until(() => Atomics.load(words, 0) === 1);
    const closing = pool.close();
    expect(pool.close()).toBe(closing);
    expect(await reasonOf(pool.run("add", [1, 2]))).toBeInstanceOf(PoolClosedError);
    Atomics.store(words, 1, 1);
    Atomics.notify(words, 1);
    await blocked;
    expect(await Promise.all(waiting)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    expect(await nested).toBe(15);
    await closing;
    expect(await reasonOf(pool.run("add", [1, 2]))).toBeInstanceOf(PoolClosedError);
  });

  test("waits for what a dying worker had, and executes what waits in another", async () => {
    const pool = deathsPool({ workers: 1 });
    const dying = reasonOf(pool.run("exit", [1]));
    const living = pool.run("live");
    await pool.close();
    expect((await dying).name).toBe("WorkerDiedError");
    expect(await living).toBe("alive");
  });

  test("by force ends tasks in progress, and rejects all", async () => {
    const pool = deathsPool({ workers: 2 });
    const { shared, words } = wordsFor(pool as never);
    const tasks = [pool.run("wait", [shared]), pool.run("wait", [shared])].map(reasonOf);
    await until(() => Atomics.load(words, 0) === 2);
    tasks.push(reasonOf(pool.run("live")));
    const gentle = pool.close();
    await pool.close({ force: true });
    await gentle;
    for (const task of tasks) expect(await task).toBeInstanceOf(PoolClosedError);
  });

  test("closes a pool whose workers have not started yet", async () => {
    await plainPool({ workers: 2 }).close();
    await plainPool({ workers: 2 }).close({ force: true });
  });
});
