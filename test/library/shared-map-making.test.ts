import { describe, expect, test } from "vitest";
import { SharedMap, SharedSpace } from "#library/index.js";

describe("SharedMap, where it makes values,", () => {
  test("sets the key that it was given, whatever becomes of its bytes", async () => {
    const map = new SharedMap<Uint8Array, string | number>(new SharedSpace({ workers: 2 }));
    const key = new Uint8Array([1]);
    const change = (to: number) => {
      key[0] = to;
      return "made";
    };
    await map.getOrInsertAsync(key, async () => change(2));
    map.getOrInsert(key, () => change(3));
    map.update(key, () => change(4));
    expect([...map.keys()].map(([first]) => first).sort()).toEqual([1, 2, 3]);
    key[0] = 3;
    expect(map.update(key, () => change(5))).toBe("made");
    expect(map.size).toBe(3);
    // Whoever makes it meanwhile does not wait for ever.
    expect(await map.getOrInsertAsync(new Uint8Array([1]), () => "again")).toBe("made");
    map.free();
  });

  test("does not wait for a maker who has found no room to look for the key", () => {
    const space = new SharedSpace({ workers: 2, maximumBytes: 2 ** 20 });
    const map = new SharedMap<string, string>(space, { partitions: 1 });
    const others = new SharedMap<number, Uint8Array>(space, { partitions: 1 });
    const key = "k".repeat(2000);
    let count = 0;
    expect(() =>
      map.getOrInsert(key, () => {
        for (let bytes = 2 ** 16; bytes > 1000; ) {
          try {
            others.set(count, new Uint8Array(bytes));
            count++;
          } catch {
            bytes -= 8;
          }
        }
        throw new Error("on purpose");
      }),
    ).toThrow("on purpose");
    expect(() => map.get(key)).toThrow("received a space that is full");
    others.free();
    expect([map.has(key), map.size]).toEqual([false, 0]);
    expect(map.getOrInsert(key, () => "made")).toBe("made");
    space.close();
  });

  test("says what has timed out, after the time of all waits together", async () => {
    const map = new SharedMap<string, number>(new SharedSpace({ workers: 2 }));
    let resolve: (value: number) => void = () => {};
    const made = map.getOrInsertAsync("a", () => new Promise((settle) => (resolve = settle)));
    await expect(map.getOrInsertAsync("a", () => 2, { timeout: 10 })).rejects.toMatchObject({
      name: "TimeoutError",
      message: "Cannot get or insert: received no turn in 10 ms; expected one in that time",
    });
    resolve(1);
    expect(await made).toBe(1);
    map.free();
  });
});
