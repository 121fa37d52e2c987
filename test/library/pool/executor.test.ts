import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { currentTask, NoSuchTaskError, Pool, SharedBuffer, SharedSpace } from "#library/index.js";
import { type InWorker, inWorker, message } from "../in-worker.js";
import { plainPool, reasonOf, until, urlOf, wordsFor } from "./pools.js";

const pool = plainPool({ workers: 2 });
afterAll(() => pool.close());

describe("Executors", () => {
  test("execute the exported functions, also asynchronous ones, in threads of their own", async () => {
    expect(await pool.run("add", [1, 2])).toBe(3);
    expect(await pool.run("echo", [{ deep: [1, new Date(0)] }])).toEqual({ deep: [1, new Date(0)] });
    expect(await pool.run("thread")).not.toBe(0);
  });

  test("find the functions of a CommonJS module, and of an object that is the default export, as its methods", async () => {
    await using byDefault = new Pool(urlOf("by-default.cjs"), { workers: 1, init: 3 });
    expect(await byDefault.run("double", [7])).toBe(21);
  });

  test.runIf((process.features as { typescript?: unknown }).typescript)("load TypeScript where Node does", async () => {
    await using typed = new Pool(urlOf("typed.ts"), { workers: 1 });
    expect(await typed.run("typed", ["four"])).toBe(4);
  });

  test("answer a name that is no function with a NoSuchTaskError that lists what there is", async () => {
    const untyped = pool as unknown as Pool;
    const missing = await reasonOf(untyped.run("ad"));
    expect(missing).toBeInstanceOf(NoSuchTaskError);
    expect(missing.message).toMatch(
      /^Cannot run "ad": received no function of that name in file:.*plain\.js; expected one of aFunction, add, alone, /,
    );
    expect(await reasonOf(untyped.run("notAFunction"))).toBeInstanceOf(NoSuchTaskError);
    expect(await reasonOf(untyped.run("toString"))).toBeInstanceOf(NoSuchTaskError);
  });

  test("turn their event loops while they have nothing to do", async () => {
    await using one = plainPool({ workers: 1 });
    await one.run("startTicking");
    const before = await one.run("ticked");
    let after = before;
    for (; after === before; after = await one.run("ticked")) await pause(20);
    expect(after).toBeGreaterThan(before);
  });

  test("that block while they are idle hear of tasks, one after the other, and of their end", async () => {
    const blocking = plainPool({ workers: 2, idle: "block" });
    for (let i = 0; i < 20; i++) {
      expect(await blocking.run("add", [i, 1])).toBe(i + 1);
      expect(await blocking.run("echo", [i])).toBe(i);
    }
    await pause(20);
    const buffer = new ArrayBuffer(8);
    expect(await blocking.run("echo", [buffer], { transfer: [buffer] })).toEqual(new ArrayBuffer(8));
    await blocking.close();
  });

  test("execute more tasks than their event loop turns, and turn it all the same", async () => {
    await using one = plainPool({ workers: 1 });
    await one.run("startTicking");
    let results: number[] = [];
    for (let before = 0; before === 0; before = await one.run("ticked")) {
      results = await Promise.all(Array.from({ length: 5000 }, (_, i) => one.run("add", [i, 1])));
    }
    expect(results).toEqual(Array.from({ length: 5000 }, (_, i) => i + 1));
  });
});

describe("What a task throws", () => {
  test("arrives with name, message, stack, cause and properties of its own", async () => {
    const error = await reasonOf(pool.run("throwWithProperties"));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ name: "TypeError", message: "the error", code: "EOUTER", status: 404 });
    expect(error.stack).toContain("throwWithProperties");
    expect(error.cause).toMatchObject({ message: "the cause", code: "EINNER" });
    expect(error).not.toHaveProperty("method");
  });

  test("arrives also if it is several errors, a DOMException, or no error", async () => {
    const several = await reasonOf(pool.run("throwAll"));
    expect(several).toMatchObject({ name: "AggregateError", errors: [{ message: "one" }, 2] });
    expect(Object.keys(several)).not.toContain("errors");
    const aborted = await reasonOf(pool.run("throwAborted"));
    expect(aborted).toBeInstanceOf(DOMException);
    expect(aborted).toMatchObject({ name: "AbortError", message: "no more" });
    expect(await reasonOf(pool.run("throwIt", [{ some: "thing" }]))).toEqual({ some: "thing" });
    expect(await reasonOf(pool.run("throwIt", [undefined]))).toBeUndefined();
  });

  test("arrives without the parts that cannot be copied", async () => {
    const plain = await reasonOf(pool.run("throwUncopyable"));
    expect(plain).toMatchObject({ name: "Error", message: "with a function" });
    expect(plain.stack).toContain("throwUncopyable");
    expect(plain.cause).toBeUndefined();
    const refused = await reasonOf(pool.run("throwFunction"));
    expect(refused).toMatchObject({
      name: "DataCloneError",
      message: "Cannot throw from throwFunction: received a function at error; expected what structured clone copies",
    });
  });

  test("arrives in a space that is full, as an error that says so", async () => {
    const space = new SharedSpace({ maximumBytes: 2 ** 22 });
    const small = plainPool({ workers: 1, space, capacity: 32 });
    const filling: SharedBuffer[] = [];
    await small.run("add", [1, 2]);
    for (let bytes = 2 ** 20; bytes >= 64; bytes /= 2) {
      try {
        for (;;) filling.push(new SharedBuffer(space, bytes));
      } catch {
        // The next smaller ones.
      }
    }
    expect(await small.run("add", [1, 2])).toBe(3);
    expect(await reasonOf(small.run("throwWithProperties"))).toMatchObject({ name: "SpaceFullError" });
    for (const buffer of filling) buffer.free();
    await small.close();
    space.close();
  });
});

describe("A result", () => {
  test("that structured clone copies comes to the maker, also if the space's values cannot have it", async () => {
    const blob = await pool.run("blob");
    expect(await blob.text()).toBe("in a blob");
  });

  test("that cannot be copied is an error that says where", async () => {
    expect(await reasonOf(pool.run("aFunction"))).toMatchObject({
      name: "DataCloneError",
      message:
        "Cannot return from aFunction: received a function at result.deep[0]; expected what structured clone copies",
    });
  });

  test("is moved to the maker, where the task says so", async () => {
    await using one = plainPool({ workers: 1 });
    const { moved } = await one.run("move", [1000]);
    expect(new Uint8Array(moved)).toEqual(new Uint8Array(1000).fill(7));
    expect(await one.run("bytesLeft")).toBe(0);
    const port = (await one.run("movePort")) as unknown as import("node:worker_threads").MessagePort;
    const came = await new Promise((resolve) => port.once("message", resolve));
    expect(came).toBe("from the task");
    port.close();
  });

  test("is copied and detached for another thread; ports go to the maker alone", async () => {
    await using one = plainPool({ workers: 1 });
    const worker = inWorker(
      async ({ data, say }: InWorker<{ pool: typeof one }>) => {
        const { moved } = await data.pool.run("move", [1000]);
        const left = await data.pool.run("bytesLeft");
        const refused = await data.pool.run("movePort").catch((error: Error) => error.message);
        say({ bytes: new Uint8Array(moved).reduce((sum, byte) => sum + byte, 0), left, refused });
      },
      { pool: one },
    );
    expect(await message(worker)).toEqual({
      bytes: 7000,
      left: 0,
      refused:
        "Cannot return from movePort: received a MessagePort to move; expected an ArrayBuffer: other things go to the thread that made the Pool",
    });
  });
});

describe("An argument", () => {
  test("is moved to the worker, where `transfer` says so, also a port", async () => {
    const buffer = new Uint8Array([1, 2, 3]).buffer;
    expect(await pool.run("echo", [buffer], { transfer: [buffer] })).toEqual(new Uint8Array([1, 2, 3]).buffer);
    expect(buffer.byteLength).toBe(0);
    const { port1 } = new MessageChannel();
    expect((await reasonOf(pool.run("echo", [port1], { transfer: [port1] }))).name).toBe("DataCloneError");
  });

  test("that cannot be transferred is an error of the call, and the worker goes on", async () => {
    await using one = plainPool({ workers: 1 });
    const refused = await reasonOf(one.run("echo", [{}], { transfer: [{}] }));
    expect(refused.message).toMatch(/transfer/i);
    expect(await one.run("add", [1, 2])).toBe(3);
  });
});

describe("concurrency", () => {
  test("1 keeps asynchronous tasks of one worker apart", async () => {
    await using one = plainPool({ workers: 1 });
    expect(await Promise.all(Array.from({ length: 5 }, () => one.run("alone")))).toEqual([1, 1, 1, 1, 1]);
  });

  test("2 has two of them in progress at a time in one worker", async () => {
    await using one = plainPool({ workers: 1, concurrency: 2 });
    const { shared } = wordsFor(one as never);
    expect(await Promise.all([one.run("meet", [shared]), one.run("meet", [shared])])).toEqual([2, 2]);
    const most = await Promise.all(Array.from({ length: 10 }, () => one.run("alone")));
    expect(Math.max(...most)).toBeLessThanOrEqual(2);
  });
});

describe("currentTask", () => {
  test("says key, worker, pool and the submitter's context", async () => {
    const context = new AsyncLocalStorage<{ request: number }>();
    await using one = plainPool({ workers: 1, context });
    const found = await context.run({ request: 5 }, () => one.run("where", [], { key: "a key" }));
    expect(found).toEqual({ key: "a key", context: { request: 5 }, worker: 0, workers: 1 });
    expect(await one.run("where")).toEqual({ key: undefined, context: undefined, worker: 0, workers: 1 });
  });

  test("throws outside of tasks, and after their first await", async () => {
    const expected =
      /^Cannot ask for the current task: received a call outside of one, or after its first await; expected /;
    expect(() => currentTask()).toThrow(expected);
    expect((await reasonOf(pool.run("whereAfterAwait"))).message).toMatch(expected);
  });

  test("has a signal that is aborted with the submitter's, also for a task that never returns to its event loop", async () => {
    await using one = plainPool({ workers: 1, grace: 100_000 });
    for (const name of ["untilAborted", "spinUntilAborted"] as const) {
      const { shared, words } = wordsFor(one as never);
      const controller = new AbortController();
      const result = reasonOf(one.run(name, [shared], { signal: controller.signal }));
      await until(() => Atomics.load(words, 0) === 1);
      controller.abort(new Error("enough"));
      expect((await result).message).toBe("enough");
      await until(() => Atomics.load(words, 1) === 1);
    }
    expect(await one.run("add", [1, 2])).toBe(3);
  });
});

describe("Nested tasks", () => {
  test("are executed by the worker that waits for them, where no other is there", async () => {
    await using one = plainPool({ workers: 1 });
    expect(await one.run("nested", [5])).toBe(2 ** 6 - 1);
    expect(await one.run("nestedLater", ["key", 10])).toBe(55);
  });

  test("are executed also where those that wait for them have all the room that the pool has", async () => {
    await using full = plainPool({ workers: 2, capacity: 32 });
    expect(await Promise.all(Array.from({ length: 100 }, () => full.run("nested", [3])))).toEqual(Array(100).fill(15));
    const spread = Array.from({ length: 64 }, () => full.run("nestedThen", ["echo", { some: ["value"] }]));
    for (const result of await Promise.all(spread)) expect(result).toEqual({ some: ["value"] });
    const failing = await Promise.allSettled(
      Array.from({ length: 64 }, () => full.run("nestedThen", ["throwWithProperties"])),
    );
    for (const { reason } of failing as PromiseRejectedResult[]) expect(reason).toMatchObject({ code: "EOUTER" });
  });

  test("do not hang a pool whose workers all wait for some", async () => {
    await using two = plainPool({ workers: 2, concurrency: 2, capacity: 512 });
    expect(await Promise.all(Array.from({ length: 8 }, () => two.run("nested", [4])))).toEqual(Array(8).fill(31));
  });
});

describe("Pool.runOnAll", () => {
  test("executes the task once in each worker, also in those that are busy", async () => {
    await using three = plainPool({ workers: 3 });
    const { shared, words } = wordsFor(three as never);
    await three.started;
    const blocked = three.run("block", [shared]);
    await until(() => Atomics.load(words, 0) === 1);
    const threads = three.runOnAll("thread");
    Atomics.store(words, 1, 1);
    Atomics.notify(words, 1);
    expect(new Set(await threads).size).toBe(3);
    expect(await threads).toContain(await blocked);
  });

  test("holds up nothing but the workers that execute it still", async () => {
    await using two = plainPool({ workers: 2 });
    await two.started;
    for (let round = 0; round < 5; round++) {
      const { shared, words } = wordsFor(two as never);
      const all = two.runOnAll("blockFirst", [shared]);
      await until(() => Atomics.load(words, 0) === 2);
      await pause(20);
      const other = await Promise.race([two.run("thread"), pause(30_000, "nobody")]);
      Atomics.store(words, 1, 1);
      Atomics.notify(words, 1);
      expect(await all).toContain(other);
    }
  });
});
