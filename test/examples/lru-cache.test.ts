import { describe, expect, test } from "vitest";
import { SharedSpace } from "#library/index.js";
import { Random } from "#machines/machines/random.js";
import { LruCache } from "../../examples/lru-cache/cache.js";
import { exit, message } from "../library/in-worker.js";
import { run, type WithExample, withExample } from "./program.js";

const MODULE = "lru-cache/cache.js";
const KILLS = 40;
const SEED = 20260301;

const bytes = (text: string) => new TextEncoder().encode(text);
const made = (options: object) => new LruCache(LruCache.share(new SharedSpace(), options));

describe("LruCache", () => {
  test("gives back what was set last", () => {
    const cache = made({});
    expect(cache.get("a")).toBeUndefined();
    cache.set("a", bytes("one"));
    cache.set("b", bytes("two"));
    cache.set("a", bytes("three"));
    expect(cache.get("a")).toEqual(bytes("three"));
    expect(cache.delete("a")).toBe(true);
    expect(cache.delete("a")).toBe(false);
    expect(cache.get("a")).toBeUndefined();
    expect(cache.statistics()).toEqual({ hits: 1, misses: 2, evictions: 0, recoveries: 0 });
  });

  test("evicts what was used least recently", () => {
    const cache = made({ entries: 3, shards: 1 });
    for (const key of ["a", "b", "c"]) cache.set(key, bytes(key));
    cache.get("a");
    cache.set("d", bytes("d"));
    expect(cache.keys()).toEqual(["d", "a", "c"]);
    cache.set("c", bytes("again"));
    cache.set("e", bytes("e"));
    expect(cache.keys()).toEqual(["e", "c", "d"]);
    expect(cache.statistics().evictions).toBe(2);
  });

  test("refuses an entry that is too long", () => {
    const cache = made({ entryBytes: 8 });
    cache.set("key", new Uint8Array(5));
    expect(() => cache.set("key", new Uint8Array(6))).toThrow(
      new RangeError("Cannot cache key: received 9 bytes; expected at most 8"),
    );
  });

  test(`agrees with a Map in order of use (seed ${SEED})`, () => {
    const cache = made({ entries: 20, shards: 1 });
    const model = new Map<string, Uint8Array>();
    const random = new Random(SEED);
    for (let step = 0; step < 5000; step++) {
      const key = `key ${random.below(40)}`;
      const operation = random.below(8);
      const known = model.get(key);
      if (operation === 0) expect(cache.delete(key)).toBe(model.delete(key));
      else if (operation < 4) {
        const value = bytes(`${step}`);
        cache.set(key, value);
        model.delete(key);
        model.set(key, value);
        if (model.size > 20) model.delete(model.keys().next().value!);
      } else {
        expect(cache.get(key)).toEqual(known);
        if (model.delete(key)) model.set(key, known!);
      }
    }
    expect(cache.keys()).toEqual([...model.keys()].reverse());
  });

  test("loses one entry when a worker dies in the middle of an update, and keeps the order of the others", async () => {
    const shared = LruCache.share(new SharedSpace(), { entries: 4, shards: 1 });
    const cache = new LruCache(shared);
    for (const key of ["a", "b", "c", "d"]) cache.set(key, bytes(key));
    cache.get("a");
    await exit(withExample(MODULE, dieInUpdate, { shared }));
    expect(cache.keys()).toEqual(["a", "d", "b"]);
    expect(cache.get("b")).toEqual(bytes("b"));
    expect(cache.statistics().recoveries).toBe(1);
    cache.set("c", bytes("c"));
    cache.set("e", bytes("e"));
    expect(cache.keys()).toEqual(["e", "c", "b", "a"]);
  });

  test(`holds its invariants when ${KILLS} workers die at random moments (seed ${SEED})`, {
    tags: "long",
  }, async () => {
    const shared = LruCache.share(new SharedSpace(), { entries: 60, shards: 2 });
    const cache = new LruCache(shared);
    const random = new Random(SEED);
    const live = async (seed: number) => {
      const worker = withExample(MODULE, use, { shared, seed });
      await message(worker);
      await new Promise((resolve) => setTimeout(resolve, random.below(10)));
      await worker.terminate();
      for (const key of cache.keys()) expect(new TextDecoder().decode(cache.get(key) ?? bytes(key))).toBe(key);
    };
    for (let i = 0; i < KILLS; i += 2) await Promise.all([live(i), live(i + 1)]);
    expect(cache.statistics().recoveries).toBeGreaterThan(0);
  });
});

type Cached<Data = unknown> = WithExample<
  typeof import("../../examples/lru-cache/cache.js"),
  { readonly shared: ReturnType<typeof LruCache.share> } & Data
>;

/** The worker is gone when byte 1 of the value is asked for. */
function dieInUpdate({ example, data }: Cached) {
  const value = {
    length: 2,
    0: 1,
    get 1() {
      return process.exit();
    },
  };
  new example.LruCache(data.shared).set("c", value as unknown as Uint8Array);
}

/** Sets, gets and deletes entries whose value is their key, until it is terminated. */
function use({ example, data, say }: Cached<{ readonly seed: number }>) {
  const cache = new example.LruCache(data.shared);
  say("works");
  for (let i = data.seed; ; i = (Math.imul(i, 1664525) + 1013904223) | 0) {
    const key = `key ${(i >>> 16) % 200}`;
    if (i & 0x8000) cache.set(key, new TextEncoder().encode(key));
    else if (i & 0x6000) cache.get(key);
    else cache.delete(key);
  }
}

test("examples/lru-cache/demo.js recovers from the worker that dies, and prints its hits", async () => {
  const { status, stdout, stderr } = await run("lru-cache/demo.js", "--workers", "3", "--requests", "5000");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^requests {4}15500\nhits {8}[1-9]\d\.\d %\nevictions {3}[1-9]\d*\nentries {5}\d+ of at most 2000\nrecoveries {2}1: /,
  );
});
