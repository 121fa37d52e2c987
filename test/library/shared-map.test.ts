import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inspect } from "#library/debug/index.js";
import {
  Counter,
  FreedError,
  type MapKey,
  named,
  receive,
  SharedBuffer,
  SharedMap,
  SharedSpace,
  SpaceClosedError,
} from "#library/index.js";
import { exit, inWorker, message } from "./in-worker.js";

const space = new SharedSpace({ workers: 8 });

const key = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(Number.NaN, -0, 0.5, Number.POSITIVE_INFINITY),
  fc.string({ maxLength: 3, unit: "binary" }),
  fc.uint8Array({ maxLength: 2 }),
);
const value = fc.oneof(
  fc.double(),
  fc.uint8Array({ maxLength: 40 }),
  fc.anything({ maxDepth: 2, withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
);

/** As a Map has it that compares bytes. */
function same(key: MapKey): string {
  return typeof key === "object"
    ? `bytes ${key.join()}`
    : typeof key === "number"
      ? `number ${key + 0}`
      : `text ${key}`;
}

type Operation = (map: SharedMap<MapKey>, model: Map<string, unknown>) => void;

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.tuple(key, value).map(
    ([key, value]): Operation =>
      (map, model) => {
        map.set(key, value);
        model.set(same(key), structuredClone(value));
      },
  ),
  key.map(
    (key): Operation =>
      (map, model) => {
        expect(map.delete(key)).toBe(model.delete(same(key)));
      },
  ),
  key.map(
    (key): Operation =>
      (map, model) => {
        expect(map.has(key)).toBe(model.has(same(key)));
        expect(map.get(key)).toEqual(model.get(same(key)));
      },
  ),
  fc.tuple(key, value).map(
    ([key, value]): Operation =>
      (map, model) => {
        const before = model.get(same(key));
        const change = (is: unknown) => {
          expect(is).toEqual(before);
          return value;
        };
        expect(map.update(key, change)).toBe(value);
        if (value === undefined) model.delete(same(key));
        else model.set(same(key), structuredClone(value));
      },
  ),
  fc.tuple(key, value).map(
    ([key, value]): Operation =>
      (map, model) => {
        const before = model.has(same(key));
        if (!before) model.set(same(key), structuredClone(value));
        const make = () => {
          expect(before).toBe(false);
          return value;
        };
        expect(map.getOrInsert(key, make)).toEqual(model.get(same(key)));
      },
  ),
  fc.constant<Operation>((map, model) => {
    map.clear();
    model.clear();
  }),
);

describe("SharedMap", () => {
  test("does what a Map does", () => {
    const property = fc.property(
      fc.array(operation, { maxLength: 60 }),
      fc.constantFrom(1, 2, 64),
      (operations, partitions) => {
        using map = new SharedMap<MapKey>(space, { partitions });
        const model = new Map<string, unknown>();
        for (const operate of operations) operate(map, model);
        expect(map.size).toBe(model.size);
        expect(map.approximateSize).toBe(model.size);
        expect(new Map([...map].map(([key, value]) => [same(key), value]))).toEqual(model);
        expect([...map.keys()].map(same).toSorted()).toEqual([...model.keys()].toSorted());
        expect([...map.values()].length).toBe(model.size);
      },
    );
    fc.assert(property, { numRuns: 60 });
  });

  test("keeps many entries, long keys and long values, and gives their memory back", () => {
    const map = new SharedMap<string | number, unknown>(space);
    const before = inspect(space).bytesInUse;
    const long = "ä".repeat(3000);
    const wide = "€".repeat(3000);
    for (let turn = 0; turn < 3; turn++) {
      for (let i = 0; i < 20_000; i++) map.set(i, i % 2 ? { i } : i);
      map.set(long, wide).set(wide, new Uint8Array(200_000).fill(7)).set("", undefined);
      expect(map.size).toBe(20_003);
      expect(map.get(19_999)).toEqual({ i: 19_999 });
      const bytes = map.get(wide) as Uint8Array;
      expect([bytes.length, bytes.every((byte) => byte === 7)]).toEqual([200_000, true]);
      expect([map.get(long) === wide, map.has("")]).toEqual([true, true]);
      expect([...map.keys()].length).toBe(20_003);
      if (turn === 0) map.clear();
      else for (const key of [...map.keys()]) expect(map.delete(key)).toBe(true);
      expect([map.size, map.get(1), map.has("")]).toEqual([0, undefined, false]);
    }
    map.free();
    expect(inspect(space).bytesInUse).toBeLessThanOrEqual(before);
  });

  test("has what it had after many inserts and deletes", () => {
    using map = new SharedMap<number, string>(space, { partitions: 1 });
    const turn = () => {
      for (let i = 0; i < 10_000; i++) {
        map.set(i % 100, "a value of some bytes");
        map.delete(i % 100);
      }
      return inspect(space).bytesInUse;
    };
    const first = turn();
    for (let i = 0; i < 5; i++) expect(turn()).toBeLessThan(first + 16_384);
  });

  test("gives a worker the same frozen object until it is set again", () => {
    using map = new SharedMap<string, unknown>(space);
    map.set("a", { list: [1, { deep: true }] });
    const first = map.get("a") as { list: unknown[] };
    expect(map.get("a")).toBe(first);
    expect([...map.values()][0]).toBe(first);
    expect([first, first.list, first.list[1]].every(Object.isFrozen)).toBe(true);
    map.set("a", { list: [1, { deep: true }] });
    expect(map.get("a")).not.toBe(first);
    expect(map.get("a")).toEqual(first);
    for (const own of [new Uint8Array(3), { date: new Date(0) }, new Map([[1, {}]]), [new Float64Array(2)]]) {
      map.set("own", own);
      expect(map.get("own")).toEqual(own);
      expect(map.get("own")).not.toBe(map.get("own"));
      expect(Object.isFrozen(map.get("own"))).toBe(false);
    }
  });

  test("has objects of the space as values, and says which it cannot have", () => {
    using map = new SharedMap<string, { counter: Counter }>(space);
    const counter = new Counter(space);
    map.set("hits", { counter });
    map.get("hits")!.counter.add(3);
    expect(counter.exact()).toBe(3);
    expect(() => map.set("no", { counter: new Counter(new SharedSpace()) })).toThrow(
      "Cannot set: received a Counter of another space at value.counter; expected one of the SharedMap's",
    );
    expect(() => map.set("no", (() => {}) as never)).toThrow("Cannot set: received a function; expected");
    expect(() => map.get(5n as never)).toThrow(
      "Cannot get: received the key 5n; expected a string, a number or a Uint8Array",
    );
    expect(map.size).toBe(1);
  });

  test("passes to workers, and by its name", async () => {
    const map = named(space, "shared map", SharedMap<string, number>, { partitions: 3 });
    expect(map.partitions).toBe(4);
    expect(named(space, "shared map", SharedMap, { partitions: 3 }).handle).toEqual(map.handle);
    expect(() => named(space, "shared map", SharedMap, { partitions: 8 })).toThrow(RangeError);
    expect(receive(structuredClone(map)).handle.address).toBe(map.handle.address);
    const worker = inWorker(({ data }) => void data.map.set("from a worker", 5), { map });
    expect(await exit(worker)).toBe(0);
    expect(map.get("from a worker")).toBe(5);
    map.free();
    for (const call of [
      () => map.get("a"),
      () => map.has("a"),
      () => map.set("a", 1),
      () => map.delete("a"),
      () => map.update("a", () => 1),
      () => map.getOrInsert("a", () => 1),
      () => map.clear(),
      () => map.size,
      () => [...map],
    ]) {
      expect(call).toThrow(FreedError);
    }
  });

  test("is changed by one update at a time", async () => {
    using map = new SharedMap<string, number | { count: number }>(space);
    const workers = [0, 1, 2].map(() =>
      inWorker(
        ({ data: { map } }) => {
          for (let i = 0; i < 1000; i++) {
            map.update("number", (count) => ((count as number) ?? 0) + 1);
            map.update("object", (is) => ({ count: ((is as { count: number })?.count ?? 0) + 1 }));
          }
        },
        { map },
      ),
    );
    await Promise.all(workers.map(exit));
    expect(map.get("number")).toBe(3000);
    expect(map.get("object")).toEqual({ count: 3000 });
  });

  test("iterates once over each key that is there all the time, while others come and go", async () => {
    using map = new SharedMap<number, number>(space, { partitions: 2 });
    for (let i = 0; i < 500; i++) map.set(i, i);
    const worker = inWorker(
      ({ data: { map }, say }) => {
        say("begins");
        for (let turn = 0; ; turn++) {
          for (let i = 500; i < 3000; i++) map.set(i, turn);
          for (let i = 0; i < 500; i++) map.set(i, turn);
          for (let i = 500; i < 3000; i++) map.delete(i);
        }
      },
      { map },
    );
    await message(worker);
    for (let turn = 0; turn < 50; turn++) {
      const keys = [...map.keys()];
      const stable = keys.filter((key) => key < 500).toSorted((a, b) => a - b);
      expect(stable).toEqual(Array.from({ length: 500 }, (_, i) => i));
      expect(map.size).toBeGreaterThanOrEqual(500);
    }
    await worker.terminate();
  });

  test("has values that are made once, while others wait", async () => {
    using map = new SharedMap<string, { by: number }>(space);
    const made = new Counter(space);
    const workers = [1, 2, 3].map((by) =>
      inWorker(
        async ({ data: { map, made, by }, say }) => {
          const make = () => {
            made.add();
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30);
            return { by };
          };
          const values = Array.from({ length: 20 }, (_, i) => map.getOrInsert(`blocking ${i}`, make).by);
          for (let i = 0; i < 20; i++) values.push((await map.getOrInsertAsync(`async ${i}`, async () => make())).by);
          say(values);
        },
        { map, made, by },
      ),
    );
    const [first, ...others] = await Promise.all(workers.map(message));
    for (const other of others) expect(other).toEqual(first);
    expect(made.exact()).toBe(40);
    await Promise.all(workers.map(exit));
  });

  test("has a value made by another if its maker dies, or throws", async () => {
    using map = new SharedMap<string, string>(space);
    const blocks = inspect(space).objects.length;
    const victim = inWorker(
      ({ data: { map }, say }) => {
        map.getOrInsert("a", () => {
          say("makes");
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
          return "the victim's";
        });
      },
      { map },
    );
    await message(victim);
    expect([map.get("a"), map.has("a"), map.size, [...map]]).toEqual([undefined, false, 0, []]);
    const heir = map.getOrInsertAsync("a", async () => "the heir's");
    await expect(map.getOrInsertAsync("a", async () => "nobody's", { timeout: 10 })).rejects.toMatchObject({
      name: "TimeoutError",
    });
    await victim.terminate();
    expect(await heir).toBe("the heir's");
    expect(() =>
      map.getOrInsert("b", () => {
        throw new Error("on purpose");
      }),
    ).toThrow("on purpose");
    expect(map.getOrInsert("b", () => "later")).toBe("later");
    // What is set meanwhile stays.
    const made = map.getOrInsert("c", (key) => {
      map.set(key, "another's");
      return "made";
    });
    expect(made).toBe("made");
    expect(map.get("c")).toBe("another's");
    expect(() => map.getOrInsert("d", () => map.getOrInsert("d", () => ""))).toThrow(
      "Cannot get or insert: received a key whose value this worker is making",
    );
    expect(map.size).toBe(3);
    expect(inspect(space).objects.length).toBe(blocks);
  });

  test("has writers wait for who stands still in it, once that holds back 1 MiB; inspect says who", async () => {
    using map = new SharedMap<string, Uint8Array>(space, { partitions: 1 });
    const reader = inWorker(
      ({ data: { map }, say }) => {
        map.get("a");
        map.space.kernel.enter_object(map.handle.address, map.handle.identity);
        say(map.space.slot);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      },
      { map },
    );
    const slot = await message<number>(reader);
    const writer = inWorker(
      ({ data: { map }, say }) => {
        say(map.space.slot);
        for (let i = 0; i < 100; i++) map.set("a", new Uint8Array(2 ** 16).fill(i));
        say("done");
      },
      { map },
    );
    const waiting = await message<number>(writer);
    const ofMap = { kind: "SharedMap", address: map.handle.address };
    const done = message(writer);
    await expect
      .poll(() => inspect(space).workers.find((worker) => worker.slot === waiting), { timeout: 20_000, interval: 1 })
      .toMatchObject({ waitsFor: ofMap, holders: [slot] });
    expect(inspect(space).workers.find((worker) => worker.slot === slot)).toMatchObject({ holds: [ofMap] });
    await reader.terminate();
    expect(await done).toBe("done");
    await exit(writer);
    expect(map.get("a")![0]).toBe(99);
  });

  test("changes nothing where the space is full, and has room again for what was overwritten", () => {
    const small = new SharedSpace({ workers: 2, maximumBytes: 2 ** 20 });
    const map = new SharedMap<number, Uint8Array | number>(small, { partitions: 1 });
    let count = 0;
    expect(() => {
      for (; ; count++) map.set(count, new Uint8Array(1000).fill(count));
    }).toThrow(`Cannot set: received a space that is full; expected room for an entry of 1008 bytes`);
    expect(map.size).toBe(count);
    expect(map.has(count)).toBe(false);
    for (let i = 0; i < count; i++) expect((map.get(i) as Uint8Array)[999]).toBe(i % 256);
    for (let turn = 0; turn < 5; turn++) {
      for (let i = 0; i < count; i += 2) map.delete(i);
      for (let i = 0; i < count; i += 2) map.set(i, new Uint8Array(1000));
    }
    expect(map.size).toBe(count);
    small.close();
    expect(() => map.get(0)).toThrow(SpaceClosedError);
    expect(() => map.set(0, 1)).toThrow(SpaceClosedError);
  });

  test("leaves nothing where there is room for the map, and none to use it", () => {
    const small = new SharedSpace({ workers: 2, maximumBytes: 2 ** 20 });
    const room = new SharedBuffer(small, 384);
    const buffers: SharedBuffer[] = [];
    for (let bytes = 2 ** 19; bytes >= 512; ) {
      try {
        buffers.push(new SharedBuffer(small, bytes));
      } catch {
        bytes /= 2;
      }
    }
    room.free();
    const full = "Cannot make a SharedMap: received a space that is full; expected one with a larger maximumBytes";
    expect(() => new SharedMap(small, { partitions: 1 })).toThrow(full);
    for (const buffer of buffers) buffer.free();
    expect(inspect(small).objects).toEqual([]);
    small.close();
  });
});
