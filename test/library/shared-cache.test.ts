import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inspect } from "#library/debug/index.js";
import { Counter, FreedError, named, receive, SharedCache, SharedSpace, SpaceClosedError } from "#library/index.js";
import { exit, inWorker, message } from "./in-worker.js";

const space = new SharedSpace({ workers: 8 });

const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

type Operation = (cache: SharedCache<string | number>, model: Map<string | number, unknown>) => void;

const key = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.string({ maxLength: 2 }));
const value = fc.oneof(fc.double(), fc.uint8Array(), fc.anything({ maxDepth: 1, withMap: true, withDate: true }));
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.tuple(key, value).map(
    ([key, value]): Operation =>
      (cache, model) => {
        expect(cache.set(key, value)).toBe(true);
        model.set(key, structuredClone(value));
      },
  ),
  key.map(
    (key): Operation =>
      (cache, model) => {
        expect(cache.delete(key)).toBe(model.delete(key));
      },
  ),
  key.map(
    (key): Operation =>
      (cache, model) => {
        expect(cache.has(key)).toBe(model.has(key));
        expect(cache.get(key)).toEqual(model.get(key));
        expect(cache.get(key)).toEqual(model.get(key));
      },
  ),
  fc.tuple(key, value).map(
    ([key, value]): Operation =>
      (cache, model) => {
        if (!model.has(key)) model.set(key, structuredClone(value));
        expect(cache.getOrInsert(key, () => value)).toEqual(model.get(key));
      },
  ),
  fc.constant<Operation>((cache, model) => {
    cache.clear();
    model.clear();
  }),
);

/** S3-FIFO as its paper has it, in numbers of entries. */
class Model {
  readonly #most: number;
  readonly #frequencies = new Map<number, number>();
  #small: number[] = [];
  #main: number[] = [];
  #ghosts: number[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether it was there; if not, it is now. */
  ask(key: number): boolean {
    const often = this.#frequencies.get(key);
    if (often !== undefined) {
      this.#frequencies.set(key, Math.min(often + 1, 3));
      return true;
    }
    while (this.#frequencies.size >= this.#most) this.#evict();
    (this.#ghosts.includes(key) ? this.#main : this.#small).push(key);
    this.#frequencies.set(key, 0);
    return false;
  }

  #evict(): void {
    if (this.#main.length === 0 || this.#small.length * 10 >= this.#frequencies.size) {
      const first = this.#small.shift()!;
      if (this.#frequencies.get(first)! >= 2) {
        this.#frequencies.set(first, 0);
        this.#main.push(first);
      } else {
        this.#frequencies.delete(first);
        this.#ghosts = [...this.#ghosts, first].slice(-this.#most);
      }
    } else {
      const first = this.#main.shift()!;
      const often = this.#frequencies.get(first)!;
      if (often > 0) {
        this.#frequencies.set(first, often - 1);
        this.#main.push(first);
      } else this.#frequencies.delete(first);
    }
  }
}

/** Keys of which few are asked for often; now and then a run of others, once each. */
function* trace(length: number): Iterable<number> {
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < length; i++) yield i % 2000 < 600 ? 10_000 + i : Math.floor(2000 ** random());
}

describe("SharedCache", () => {
  test("does what a Map does, as long as there is room", () => {
    const property = fc.property(
      fc.array(operation, { maxLength: 60 }),
      fc.constantFrom(1, 4),
      fc.constantFrom(0, 2, 4096),
      (operations, partitions, firstLevel) => {
        using cache = new SharedCache<string | number>(space, { bytes: 2 ** 20, partitions, firstLevel });
        const model = new Map<string | number, unknown>();
        for (const operate of operations) operate(cache, model);
        expect(cache.size).toBe(model.size);
        expect(new Map(cache)).toEqual(model);
        expect([...cache.keys()].length + [...cache.values()].length).toBe(2 * model.size);
      },
    );
    fc.assert(property, { numRuns: 60 });
  });

  test("has the hits of S3-FIFO", () => {
    const entries = 200;
    using cache = new SharedCache<number, number>(space, { entries, partitions: 1, firstLevel: 0 });
    const model = new Model(entries);
    let [hits, expected, same] = [0, 0, 0];
    const length = 20_000;
    for (const key of trace(length)) {
      const isHit = cache.get(key) !== undefined;
      if (!isHit) cache.set(key, key);
      const should = model.ask(key);
      hits += Number(isHit);
      expected += Number(should);
      same += Number(isHit === should);
    }
    // Ghosts of two keys may meet in one place: then one is forgotten.
    expect(Math.abs(hits - expected) / length).toBeLessThan(0.01);
    expect(same / length).toBeGreaterThan(0.97);
    const { evictions, misses } = cache.statistics();
    expect(misses - evictions).toBe(entries);
    expect(cache.size).toBe(entries);
  });

  test("never has more than it may, whoever sets, and gives its memory back", async () => {
    const [bytes, entries] = [64 * 1024, 300];
    const before = inspect(space).bytesInUse;
    const cache = new SharedCache<number, Uint8Array | number>(space, { bytes, entries, partitions: 2 });
    const workers = [1, 2, 3].map((seed) =>
      inWorker(
        ({ data: { cache, seed } }) => {
          let state = seed;
          for (let i = 0; i < 6000; i++) {
            state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
            const key = (state >>> 8) % 600;
            if (i % 7 === 0) cache.delete(key);
            else if (i % 3 === 0) cache.get(key);
            else cache.set(key, i % 2 ? new Uint8Array((state >>> 20) % 1500).fill(key) : key);
          }
        },
        { cache, seed },
      ),
    );
    let isEnded = false;
    const ended = Promise.all(workers.map(exit)).finally(() => {
      isEnded = true;
    });
    while (!isEnded) {
      // Of each partition at another moment, but none has more than its part.
      expect(cache.bytes).toBeLessThanOrEqual(bytes);
      expect(cache.size).toBeLessThanOrEqual(entries);
      await later(1);
    }
    await ended;
    for (const [key, value] of cache) {
      expect(typeof value === "number" ? value === key : value.every((byte) => byte === key % 256)).toBe(true);
    }
    cache.clear();
    expect([cache.size, cache.bytes]).toEqual([0, 0]);
    cache.free();
    expect(inspect(space).bytesInUse).toBeLessThanOrEqual(before + 3 * 1024);
  });

  test("has what it had after many inserts", () => {
    using cache = new SharedCache<number, string>(space, { entries: 100, partitions: 1 });
    const turn = () => {
      for (let i = 0; i < 10_000; i++) cache.set(i, "a value of some bytes");
      return inspect(space).bytesInUse;
    };
    const first = turn();
    for (let i = 0; i < 5; i++) expect(turn()).toBeLessThan(first + 16_384);
  });

  test("does not keep what is too long, nor what was there before", () => {
    using cache = new SharedCache<string, Uint8Array>(space, { bytes: 4096, partitions: 1 });
    expect(cache.set("a", new Uint8Array(3000))).toBe(true);
    expect(cache.set("b", new Uint8Array(3000))).toBe(true);
    expect([cache.size, cache.has("a")]).toEqual([1, false]);
    expect(cache.set("b", new Uint8Array(5000))).toBe(false);
    expect([cache.size, cache.get("b")]).toEqual([0, undefined]);
    for (const bytes of [95, 96, 97, 111, 112, 127]) {
      using tight = new SharedCache<string, string>(space, { bytes, partitions: 1 });
      for (let length = 0; length < 40; length++) {
        tight.set("a", "b".repeat(length));
        expect(tight.bytes).toBeLessThanOrEqual(bytes);
      }
      expect(tight.size).toBe(0);
    }
  });

  test("has as many bytes as there are, whatever a class says", () => {
    class Lying extends Uint8Array {
      override get length() {
        return 1e6;
      }
    }
    using cache = new SharedCache<string | Uint8Array, Uint8Array>(space, { entries: 10 });
    cache.set("a", new Lying([1, 2, 3]));
    cache.set(new Lying([4]), new Uint8Array([5]));
    expect(cache.get("a")).toEqual(new Uint8Array([1, 2, 3]));
    expect(cache.get(new Uint8Array([4]))).toEqual(new Uint8Array([5]));
  });

  test("lets others leave, and not the caller fail, where the space is full", () => {
    const full = new SharedSpace({ workers: 1, maximumBytes: 2 ** 21 });
    const cache = new SharedCache<number, Uint8Array>(full, { bytes: 2 ** 30, partitions: 1 });
    for (let i = 0; i < 5000; i++) expect(cache.set(i, new Uint8Array(i % 5 === 0 ? 3000 : 300).fill(i))).toBe(true);
    expect(cache.get(4999)).toEqual(new Uint8Array(300).fill(4999));
    expect(cache.statistics().evictions).toBeGreaterThan(1000);
    full.close();
  });

  test("has entries that end", async () => {
    using cache = new SharedCache<string, number>(space, { entries: 10, ttl: 300 });
    cache.set("a", 1);
    cache.set("b", 2, { ttl: Number.POSITIVE_INFINITY });
    expect([cache.get("a"), cache.get("a"), cache.get("b")]).toEqual([1, 1, 2]);
    await later(310);
    expect([cache.get("a"), cache.has("a"), cache.get("b")]).toEqual([undefined, false, 2]);
    expect([...cache]).toEqual([["b", 2]]);
    expect(await cache.fetch("a", async () => 3)).toBe(3);
    expect(cache.getOrInsert("c", () => 4, { ttl: 300 })).toBe(4);
    await later(310);
    expect([cache.get("a"), cache.get("c")]).toEqual([undefined, undefined]);
  });

  test("counts", () => {
    using cache = new SharedCache<string, number>(space, { entries: 10 });
    for (const key of ["a", "b"]) cache.set(key, 1);
    for (let i = 0; i < 100; i++) cache.get("a");
    cache.get("c");
    cache.has("d");
    const { hits, firstLevelHits, misses, evictions } = cache.statistics();
    expect({ hits, misses, evictions }).toEqual({ hits: 100, misses: 1, evictions: 0 });
    expect(firstLevelHits).toBeGreaterThan(90);
  });

  test("passes to workers, and by its name; says what it was made with", async () => {
    const options = { entries: 1000, partitions: 3, ttl: 60_000 };
    const cache = named(space, "shared cache", SharedCache<string, number>, options);
    expect([cache.partitions, cache.mostEntries, cache.mostBytes]).toEqual([4, 1000, Number.POSITIVE_INFINITY]);
    expect(named(space, "shared cache", SharedCache, options).handle).toEqual(cache.handle);
    expect(() => named(space, "shared cache", SharedCache, { ...options, ttl: 5 })).toThrow(RangeError);
    expect(receive(structuredClone(cache)).handle.address).toBe(cache.handle.address);
    const worker = inWorker(({ data }) => void data.cache.set("from a worker", 5), { cache });
    expect(await exit(worker)).toBe(0);
    expect([cache.get("from a worker"), cache.get("from a worker")]).toEqual([5, 5]);
    const objects = inspect(space).objects.length;
    cache.free();
    expect(inspect(space).objects.length).toBe(objects - 2);
    for (const call of [
      () => cache.get("from a worker"),
      () => cache.get("b"),
      () => cache.has("a"),
      () => cache.set("a", 1),
      () => cache.delete("a"),
      () => cache.getOrInsert("a", () => 1),
      () => cache.clear(),
      () => cache.size,
      () => cache.bytes,
      () => cache.statistics(),
      () => [...cache],
      () => cache.free(),
    ]) {
      expect(call).toThrow(FreedError);
    }
    await expect(cache.fetch("a", () => 1)).rejects.toThrow(FreedError);
    const closed = new SharedSpace({ workers: 1 });
    const its = new SharedCache<string, number>(closed, { entries: 3 });
    its.set("a", 1);
    its.get("a");
    closed.close();
    expect(() => its.get("a")).toThrow(SpaceClosedError);
  });

  test("is never behind with what a worker keeps for itself", async () => {
    using cache = new SharedCache<string, number>(space, { entries: 100 });
    const seen = new Int32Array(new SharedArrayBuffer(8));
    cache.set("a", 0);
    const reader = inWorker(
      ({ data: { cache, seen }, say }) => {
        say("reads");
        let [looks, behind] = [0, 0];
        while (Atomics.load(seen, 1) === 0) {
          const least = Atomics.load(seen, 0);
          if (cache.get("a")! < least) behind++;
          looks++;
        }
        say({ looks, behind, kept: cache.statistics().firstLevelHits });
      },
      { cache, seen },
    );
    await message(reader);
    const answer = message<{ looks: number; behind: number; kept: number }>(reader);
    for (let i = 1; i <= 20_000; i++) {
      cache.set("a", i);
      // Whoever has been told of it must see it.
      Atomics.store(seen, 0, i);
      if (i % 100 === 0) await later(0);
    }
    Atomics.store(seen, 1, 1);
    const { looks, behind, kept } = await answer;
    expect(behind).toBe(0);
    expect(kept).toBeGreaterThan(0);
    expect(looks).toBeGreaterThan(kept);
    await exit(reader);
  });
});

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

  test("needs a bound, and says what is wrong with options", () => {
    const make = (options?: object) => () => new SharedCache(space, options as never);
    expect(make()).toThrow("Cannot make a SharedCache: received no bound; expected { bytes } or { entries }");
    expect(make({ bytes: 0 })).toThrow("received 0; expected bytes, a whole number, 1 to 4294967296");
    expect(make({ entries: 1.5 })).toThrow("received 1.5; expected entries, a whole number, 1 to 268435456");
    expect(make({ entries: 5, ttl: 0 })).toThrow("received 0; expected ttl, milliseconds, more than 0, up to Infinity");
    expect(make({ entries: 5, max: 3 })).toThrow('received the option "max"');
    expect(make({ entries: 5, errorTtl: -1 })).toThrow("expected errorTtl, milliseconds, 0 to Infinity");
    expect(make({ entries: 5, stale: 1 })).toThrow("expected stale: true or false");
  });
});
