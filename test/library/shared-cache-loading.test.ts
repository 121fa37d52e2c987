import { describe, expect, test } from "vitest";
import { inspect } from "#library/debug/index.js";
import { Counter, FreedError, SharedCache, SharedSpace } from "#library/index.js";
import { exit, inWorker, message } from "./in-worker.js";

const space = new SharedSpace({ workers: 8 });

const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("SharedCache, where it loads,", () => {
  test("loads once for all who ask", async () => {
    using cache = new SharedCache<string, { by: number }>(space, { entries: 100 });
    const loaded = new Counter(space);
    const workers = [1, 2, 3].map((by) =>
      inWorker(
        async ({ data: { cache, loaded, by }, say }) => {
          const load = async () => {
            loaded.add();
            await new Promise((resolve) => setTimeout(resolve, 20));
            return { by };
          };
          const keys = Array.from({ length: 20 }, (_, i) => `key ${i}`);
          const values = await Promise.all([...keys, ...keys].map((key) => cache.fetch(key, load)));
          say(values.map((value) => value.by));
        },
        { cache, loaded, by },
      ),
    );
    const [first, ...others] = await Promise.all(workers.map(message<number[]>));
    for (const other of others) expect(other).toEqual(first);
    expect(first!.slice(20)).toEqual(first!.slice(0, 20));
    expect([loaded.exact(), cache.statistics().loads]).toEqual([20, 20]);
    await Promise.all(workers.map(exit));
  });

  test("has another load if the one who loads dies", async () => {
    using cache = new SharedCache<string, string>(space, { entries: 100 });
    const objects = inspect(space).objects.length;
    const victim = inWorker(
      ({ data: { cache }, say }) => {
        void cache.fetch("a", () => {
          say("loads");
          return new Promise<string>(() => {});
        });
        setTimeout(() => {}, 1e6);
      },
      { cache },
    );
    await message(victim);
    expect([cache.get("a"), cache.has("a"), cache.size]).toEqual([undefined, false, 0]);
    const heir = cache.fetch("a", async () => "the heir's");
    await expect(cache.fetch("a", async () => "nobody's", { timeout: 10 })).rejects.toMatchObject({
      name: "TimeoutError",
      message: "Cannot fetch: received no turn in 10 ms; expected one in that time",
    });
    await expect(cache.fetch("a", async () => "nobody's", { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: "AbortError",
    });
    await victim.terminate();
    expect(await heir).toBe("the heir's");
    expect(cache.get("a")).toBe("the heir's");
    expect(inspect(space).objects.length).toBe(objects);
  });

  test("tells errors to their callers, and to others if they are to stay", async () => {
    using cache = new SharedCache<string, number>(space, { entries: 100 });
    let calls = 0;
    const fail = async () => {
      calls++;
      await later(5);
      throw new TypeError(`on purpose ${calls}`);
    };
    const results = await Promise.allSettled([1, 2, 3].map(() => cache.fetch("own", fail)));
    expect(results.map((result) => (result as PromiseRejectedResult).reason.message).toSorted()).toEqual([
      "on purpose 1",
      "on purpose 2",
      "on purpose 3",
    ]);
    const shared = await Promise.allSettled([1, 2, 3].map(() => cache.fetch("shared", fail, { errorTtl: 60_000 })));
    for (const result of shared) {
      expect((result as PromiseRejectedResult).reason).toBeInstanceOf(TypeError);
      expect((result as PromiseRejectedResult).reason.message).toBe("on purpose 4");
    }
    expect([cache.get("shared"), cache.has("shared"), [...cache]]).toEqual([undefined, false, []]);
    expect(cache.getOrInsert("shared", () => 7)).toBe(7);
    expect(cache.statistics().errors).toBe(4);
    await expect(
      cache.fetch(
        "no copy",
        () => {
          throw Object.assign(new Error("with a function"), { call() {} });
        },
        { errorTtl: 60_000 },
      ),
    ).rejects.toThrow("with a function");
    await expect(cache.fetch("function", (() => () => {}) as never)).rejects.toMatchObject({ name: "DataCloneError" });
    expect(await cache.fetch("function", () => 1)).toBe(1);
  });

  test("returns what is stale while one loads", async () => {
    using cache = new SharedCache<string, number>(space, { entries: 100, ttl: 300, stale: true });
    let calls = 0;
    const load = async () => {
      calls++;
      await later(10);
      return calls;
    };
    expect(await cache.fetch("a", load)).toBe(1);
    await later(310);
    expect(await Promise.all([cache.fetch("a", load), cache.fetch("a", load)])).toEqual([1, 1]);
    expect(await cache.fetch("a", load, { stale: false })).toBe(2);
    await later(310);
    const fails = async () => {
      throw new Error("on purpose");
    };
    expect(await cache.fetch("a", fails)).toBe(2);
    await later(5);
    expect(await cache.fetch("a", fails, { errorTtl: 1000 })).toBe(2);
    expect(calls).toBe(2);
    expect(cache.statistics().staleHits).toBe(4);
  });

  test("does not keep what was loaded before a write of the key", async () => {
    using cache = new SharedCache<string, string>(space, { entries: 100 });
    let resolve: (value: string) => void = () => {};
    const old = cache.fetch("a", () => new Promise<string>((settle) => (resolve = settle)));
    expect(cache.delete("a")).toBe(false);
    const anew = cache.fetch("a", async () => "new");
    expect(await anew).toBe("new");
    resolve("old");
    expect([await old, cache.get("a")]).toEqual(["old", "new"]);
    const set = cache.fetch("b", async () => {
      cache.set("b", "set");
      return "loaded";
    });
    expect([await set, cache.get("b")]).toEqual(["loaded", "set"]);
    // A key that shares the version of another's hash does not keep it out.
    const busy = cache.fetch("c", async () => {
      for (let i = 0; i < 3000; i++) cache.set(`other ${i}`, "");
      return "kept";
    });
    expect([await busy, cache.get("c")]).toEqual(["kept", "kept"]);
  });

  test("does not keep what was loaded before all was deleted, and nobody waits for it", async () => {
    using cache = new SharedCache<string, string>(space, { entries: 100 });
    const objects = inspect(space).objects.length;
    let resolve: (value: string) => void = () => {};
    const load = () => new Promise<string>((settle) => (resolve = settle));
    for (const write of [() => cache.clear(), () => cache.delete("a"), () => cache.set("a", "new")]) {
      const old = cache.fetch("a", load);
      // It waits for the first one, until that is of no use.
      const anew = cache.fetch("a", async () => "new");
      await later(1);
      write();
      expect(await anew).toBe("new");
      resolve("old");
      expect([await old, cache.get("a")]).toEqual(["old", "new"]);
      cache.clear();
    }
    expect(inspect(space).objects.length).toBe(objects);
    const freed = new SharedCache<string, string>(space, { entries: 100 });
    const ends = freed.fetch("a", load);
    const waits = freed.fetch("a", async () => "never");
    await later(1);
    freed.free();
    await expect(waits).rejects.toThrow(FreedError);
    resolve("too late");
    await expect(ends).rejects.toThrow(FreedError);
    expect(inspect(space).objects.length).toBe(objects);
  });

  test("leaves nothing of a load whose worker died, once its key is written", async () => {
    using cache = new SharedCache<string, string>(space, { entries: 100 });
    const objects = inspect(space).objects.length;
    const victim = inWorker(
      ({ data: { cache }, say }) => {
        for (let i = 0; i < 100; i++) void cache.fetch(`key ${i}`, () => new Promise<string>(() => {}));
        setTimeout(() => say("loads"), 1);
        setTimeout(() => {}, 1e6);
      },
      { cache },
    );
    await message(victim);
    await victim.terminate();
    expect(inspect(space).objects.length).toBe(objects + 100);
    cache.set("key 1", "set");
    cache.delete("key 2");
    expect(inspect(space).objects.length).toBe(objects + 98);
    cache.clear();
    expect(inspect(space).objects.length).toBe(objects);
  });

  test("does not return for ever what was there before a value that is too long", async () => {
    using cache = new SharedCache<string, string>(space, { bytes: 1008, partitions: 1, ttl: 1, stale: true });
    await cache.fetch("a", () => "short");
    await later(5);
    expect(await cache.fetch("a", () => "long".repeat(500))).toBe("short");
    await later(5);
    expect((await cache.fetch("a", () => "long".repeat(500))).length).toBe(2000);
  });

  test("gives each load a key of its own", async () => {
    using cache = new SharedCache<Uint8Array, number>(space, { entries: 100 });
    await cache.fetch(new Uint8Array([3]), (key) => {
      key[0] = 9;
      return 1;
    });
    expect([...cache.keys()]).toEqual([new Uint8Array([3])]);
  });

  test("loads at once where it is asked to, and knows its own key", () => {
    using cache = new SharedCache<Uint8Array, string>(space, { entries: 100 });
    const own = new Uint8Array([1]);
    const made = cache.getOrInsert(own, () => {
      own[0] = 2;
      return "made";
    });
    expect([made, cache.get(new Uint8Array([1])), cache.get(own)]).toEqual(["made", "made", undefined]);
    expect(() => cache.getOrInsert(own, (async () => "") as never)).toThrow(
      "Cannot get or insert: received an async function; expected a function that returns the value, or fetch",
    );
    expect(() => cache.getOrInsert(own, () => cache.getOrInsert(own, () => ""))).toThrow(
      "Cannot get or insert: received a key whose value this worker is making",
    );
  });
});
