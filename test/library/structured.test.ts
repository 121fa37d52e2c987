import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Channel, ForeignHandleError, Mutex, SharedSpace } from "#dist/library/index.js";

const space = new SharedSpace();
const channel = new Channel(space, { capacity: 2 ** 20 });

function passed<T>(value: T): T {
  channel.send(value);
  return channel.receive() as T;
}

const EXAMPLES: readonly unknown[] = [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 31,
  0.1,
  Number.NaN,
  Number.NEGATIVE_INFINITY,
  0n,
  -(2n ** 70n),
  "",
  "job",
  "ÿ".repeat(300),
  "日本 \ud800 \u{1f300}",
  "x".repeat(100_000),
  new Date(0),
  new Date(Number.NaN),
  /a\/b/giu,
  [1, "two", [3], undefined],
  { a: { b: null }, "": 1 },
  JSON.parse('{"__proto__": {"a": 1}}'),
  new Map<unknown, unknown>([
    ["a", 1],
    [{ k: 1 }, new Set([1, "2"])],
  ]),
  new Uint8Array([1, 2, 3]).buffer,
  new Float64Array([1.5, -0]),
  new BigInt64Array([-1n]),
  new DataView(new ArrayBuffer(3)),
  new Uint16Array(new ArrayBuffer(16), 2, 3),
];

describe("Channel of values", () => {
  test.each(EXAMPLES.map((value, i) => [i, value] as const))("copies what structured clone copies: %i", (_, value) => {
    expect(passed(value)).toStrictEqual(structuredClone(value));
  });

  test("copies any value that structured clone copies", () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withUnicodeString: true,
    } as fc.ObjectConstraints);
    fc.assert(
      fc.property(anything, (value) => {
        expect(passed(value)).toStrictEqual(structuredClone(value));
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  test("copies errors with their stacks and causes", () => {
    const error = new RangeError("outer", { cause: new Error("inner") });
    const copy = passed(error);
    expect(copy).toBeInstanceOf(RangeError);
    expect(copy).toMatchObject({
      name: "RangeError",
      message: "outer",
      stack: error.stack,
      cause: { message: "inner" },
    });
    expect(Object.keys(copy)).toEqual([]);
    class OwnError extends Error {
      override readonly name = "OwnError";
    }
    expect(passed(new OwnError("ours"))).toMatchObject({ name: "OwnError", message: "ours" });
  });

  test("keeps what occurs twice one object, also in itself", () => {
    const inner = [1];
    const value = { a: inner, b: new Map([[inner, inner]]), self: null as object | null };
    value.self = value;
    const copy = passed(value);
    expect(copy.self).toBe(copy);
    expect(copy.b.get(copy.a)).toBe(copy.a);
    expect(copy.a).not.toBe(inner);
  });

  test("brings the objects of its space as those objects, and no others", () => {
    const mutex = new Mutex(space);
    const { jobs } = passed({ jobs: [mutex, mutex] });
    expect(jobs[0]).toBeInstanceOf(Mutex);
    expect(jobs[0]).toBe(jobs[1]);
    const token = jobs[0]!.lock();
    expect(mutex.lockIfAvailable.bind(mutex, 0)).toThrow("this worker holds");
    token.unlock();
    expect(passed(channel)).toBeInstanceOf(Channel);
    expect(() => channel.send(new Mutex(new SharedSpace()))).toThrow(ForeignHandleError);
    expect(channel.used).toBe(0);
  });

  test.each([() => 1, Symbol("s"), Promise.resolve(), new WeakMap(), new SharedArrayBuffer(8)])(
    "refuses what structured clone does not copy: %s",
    (value) => {
      expect(() => channel.send([1, value])).toThrow(expect.objectContaining({ name: "DataCloneError" }));
      expect(channel.used).toBe(0);
    },
  );

  test("sends values whose getters send, too", () => {
    const value = {
      get answer() {
        channel.send("from the getter");
        return 42;
      },
    };
    channel.send(value);
    expect(channel.receive()).toBe("from the getter");
    expect(channel.receive()).toEqual({ answer: 42 });
  });
});
