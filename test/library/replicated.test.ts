import { describe, expect, test } from "vitest";
import {
  FreedError,
  Mutex,
  named,
  Replicated,
  receive,
  SharedSpace,
  SpaceClosedError,
  SpaceFullError,
} from "#library/index.js";
import { exit, inWorker, message } from "./in-worker.js";
import { blocksOf } from "./kills/check.js";

const space = new SharedSpace();

describe("Replicated", () => {
  test("gives each worker the same copy until the value is replaced, frozen", () => {
    const routes = new Replicated<{ paths: string[]; more: { deep: number[] } }>(space, {
      paths: ["/a"],
      more: { deep: [1] },
    });
    const first = routes.get();
    expect(first).toEqual({ paths: ["/a"], more: { deep: [1] } });
    for (let i = 0; i < 200; i++) expect(routes.get()).toBe(first);
    expect([first, first.paths, first.more, first.more.deep].every(Object.isFrozen)).toBe(true);
    expect(() => first.paths.push("/b")).toThrow(TypeError);
    expect(routes.set({ paths: [], more: { deep: [] } })).toBe(1);
    expect([routes.get().paths, routes.version]).toEqual([[], 1]);
  });

  test("carries what a Channel carries: objects of the space, maps, cycles, and large values", () => {
    const mutex = new Mutex(space);
    const cyclic: { self?: unknown; mutex: Mutex; map: Map<string, number> } = { mutex, map: new Map([["a", 1]]) };
    cyclic.self = cyclic;
    const value = new Replicated<unknown>(space, cyclic);
    const copy = value.get() as typeof cyclic;
    expect(copy.self).toBe(copy);
    expect(copy.map).toEqual(new Map([["a", 1]]));
    copy.mutex.withLock(() => expect(mutex.lockIfAvailable(0)).toBe(null));
    const text = "x".repeat(3_000_000);
    value.set(text);
    expect(value.get()).toBe(text);
    for (const one of [undefined, null, 0, Number.NaN, "", false, 2n]) {
      value.set(one);
      expect(value.get()).toBe(one);
    }
  });

  test("is replaced by all who update it, and no update is lost", async () => {
    const counts = new Replicated(space, { all: 0, each: [0, 0, 0, 0] });
    const workers = [0, 1, 2, 3].map((me) =>
      inWorker(
        ({ data }) => {
          for (let i = 0; i < 500; i++) {
            data.counts.update(({ all, each }) => ({ all: all + 1, each: each.with(data.me, each[data.me]! + 1) }));
          }
        },
        { counts, me },
      ),
    );
    await Promise.all(workers.map(exit));
    expect(counts.get()).toEqual({ all: 2000, each: [500, 500, 500, 500] });
    expect(counts.version).toBe(2000);
  });

  test("is read whole while it is replaced without a pause", async () => {
    const value = new Replicated(
      space,
      Array.from({ length: 500 }, () => "0"),
    );
    const writer = inWorker(
      ({ data, say }) => {
        say("writes");
        for (let n = 1; n <= 3000; n++) data.value.set(Array.from({ length: 1 + (n % 700) }, () => String(n)));
      },
      { value },
    );
    const end = exit(writer);
    await message(writer);
    let last = 0;
    let versions = 0;
    for (let copy = value.get(); Number(copy[0]) < 3000; copy = value.get()) {
      const [n] = copy;
      expect(copy.every((text) => text === n)).toBe(true);
      expect(copy.length).toBe(n === "0" ? 500 : 1 + (Number(n) % 700));
      expect(Number(n)).toBeGreaterThanOrEqual(last);
      if (Number(n) > last) versions++;
      last = Number(n);
    }
    await end;
    expect(versions).toBeGreaterThan(0);
  });

  test("lets those go on who wait for a change, blocked or not", async () => {
    const flag = new Replicated(space, false);
    const waiter = inWorker(
      ({ data, say }) => {
        say("waits");
        if (data.flag.wait(0) !== true || data.flag.get() !== true) throw new Error("too early");
      },
      { flag },
    );
    const end = exit(waiter);
    await message(waiter);
    const waits = [flag.waitAsync(0), Replicated.waitAsync(flag, 0, { timeout: 60_000 })];
    expect(flag.wait(0, 0)).toBe(false);
    expect(Replicated.wait(flag, 0, 5)).toBe(false);
    await expect(flag.waitAsync(0, { timeout: 5 })).rejects.toMatchObject({ name: "TimeoutError" });
    await expect(flag.waitAsync(0, { signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow("no");
    expect(Replicated.set(flag, true)).toBe(1);
    await Promise.all([end, ...waits]);
    expect(flag.wait(0)).toBe(true);
    expect(Replicated.get(flag)).toBe(true);
  });

  test("waits for each version by itself", async () => {
    const value = new Replicated(space, 0);
    const settled: number[] = [];
    const first = value.waitAsync(0).then(() => settled.push(0));
    value.set(1);
    const second = value.waitAsync(1).then(() => settled.push(1));
    await first;
    expect(settled).toEqual([0]);
    value.set(2);
    await second;
    expect(settled).toEqual([0, 1]);
  });

  test("stays as it is if the new value cannot be copied, or its update throws", () => {
    const value = new Replicated<unknown>(space, { a: 1 });
    const before = blocksOf(space);
    expect(() => value.set({ a: { b: () => {} } })).toThrow(
      "Cannot set a Replicated: received a function at value.a.b; expected what structured clone copies",
    );
    expect(() =>
      value.update(() => {
        throw new Error("mine");
      }),
    ).toThrow("mine");
    expect(() => value.update((async () => 1) as never)).toThrow(TypeError);
    expect(() => value.update((() => Promise.resolve(1)) as never)).toThrow(TypeError);
    expect(() => new Replicated(space, Symbol("s"))).toThrow("Cannot make a Replicated");
    expect([value.get(), value.version]).toEqual([{ a: 1 }, 0]);
    expect(blocksOf(space)).toBe(before);
  });

  test("has no copy of a value that cannot be read, also of the first", () => {
    const mutex = new Mutex(space);
    const { landspout } = mutex.handle;
    Object.assign(mutex.handle, { landspout: "Unheard" });
    const value = new Replicated<unknown>(space, [mutex]);
    Object.assign(mutex.handle, { landspout });
    for (let i = 0; i < 3; i++) {
      expect(() => value.get()).toThrow(expect.objectContaining({ name: "DataCloneError" }));
    }
    value.set([1]);
    expect(value.get()).toEqual([1]);
    value.free();
  });

  test("gives back the memory of all values that were replaced, and of the last one", () => {
    const own = new SharedSpace({ maximumBytes: 2 ** 21 });
    const before = blocksOf(own);
    const value = new Replicated<unknown>(own, "");
    for (let i = 0; i < 2000; i++) value.set("x".repeat(i % 40 === 0 ? 100_000 : i));
    expect(blocksOf(own)).toBe(before + 2);
    expect(() => value.set("x".repeat(2 ** 22))).toThrow(SpaceFullError);
    expect((value.get() as string).length).toBe(1999);
    value.free();
    expect(blocksOf(own)).toBe(before);
    own.close();
  });

  test("is not to be used once it is freed, also by those who wait", async () => {
    const value = new Replicated(space, 1);
    expect(value.get()).toBe(1);
    const waits = value.waitAsync(0);
    value.free();
    await expect(waits).rejects.toThrow(FreedError);
    expect(() => value.get()).toThrow("Cannot get: received a Replicated that was freed; expected one in use");
    expect(() => value.set(2)).toThrow(FreedError);
    expect(() => value.update((n) => n)).toThrow(FreedError);
    expect(() => value.version).toThrow(FreedError);
    expect(() => value.wait(0)).toThrow(FreedError);
  });

  test("comes through messages and by name, whatever its value was at first", () => {
    const value = new Replicated(space, 1);
    value.set(2);
    const copy = receive(structuredClone({ value })).value;
    expect(copy).toBeInstanceOf(Replicated);
    expect([copy.get(), copy.version]).toEqual([2, 1]);
    const first = named(space, "limits", Replicated, { requests: 1 });
    first.set({ requests: 2 });
    expect(named(space, "limits", Replicated, { requests: 5 }).get()).toEqual({ requests: 2 });
  });

  test("is replaced or not when its worker dies, and nobody waits for ever", async () => {
    for (let round = 0; round < 8; round++) {
      const value = new Replicated<number[]>(
        space,
        Array.from({ length: 50 }, () => 0),
      );
      const victim = inWorker(
        ({ data, say }) => {
          say("begins");
          for (let n = 1; ; n++) data.value.set(Array.from({ length: 50 }, () => n));
        },
        { value },
      );
      await message(victim);
      await new Promise((resolve) => setTimeout(resolve, round));
      await victim.terminate();
      const copy = value.get();
      expect(new Set(copy).size).toBe(1);
      const version = value.set([1]);
      expect([value.get(), value.version]).toEqual([[1], version]);
      value.free();
    }
  });

  test("get throws after its worker has closed the space, however often it was called before", () => {
    const own = new SharedSpace();
    const [first, second] = [new Replicated(own, 1), new Replicated(own, 2)];
    expect([first.get(), second.get(), first.get()]).toEqual([1, 2, 1]);
    own.close();
    for (const value of [first, second, first]) expect(() => value.get()).toThrow(SpaceClosedError);
  });
});
