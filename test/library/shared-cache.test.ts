import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inspect } from "#library/debug/index.js";
import { FreedError, named, receive, SharedCache, SharedSpace, SpaceClosedError } from "#library/index.js";
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
