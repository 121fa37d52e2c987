import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Channel, ForeignHandleError, FreedError, Mutex, SharedSpace } from "#library/index.js";
import { casesOf } from "../random-cases.js";
import { described } from "./described.js";
import { inWorker, message } from "./in-worker.js";

const space = new SharedSpace();
const channel = new Channel(space, { capacity: 2 ** 20 });

function passed<T>(value: T): T {
  channel.send(value);
  return channel.receive() as T;
}

const shared = [1, { two: 2 }];
const buffer = new Uint8Array([1, 2, 3, 4]).buffer;
const errorTag = { [Symbol.toStringTag]: "Error", name: "none", a: 1 };
const objectTag = Object.assign([1, 2], { [Symbol.toStringTag]: "Object" });
const ownTag = { [Symbol.toStringTag]: "Map", a: 1 };
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
  2n ** 63n - 1n,
  -(2n ** 63n),
  2n ** 63n,
  -(2n ** 70n),
  "",
  "job",
  ...[8, 15, 16, 31, 32, 300].flatMap((length) =>
    ["a", "ÿ", "\u0100", "\ud800", "日本"].map((text) => text.repeat(length)),
  ),
  "é\u0080".repeat(50),
  `${"a".repeat(50)}\ufeff\udc00`,
  "\ufeff".repeat(50),
  "日本 \ud800 \u{1f300}",
  "x".repeat(100_000),
  new Date(0),
  new Date(Number.NaN),
  Object.assign(new Date(1), { lost: true }),
  /a\/b/giu,
  Object.assign(/a/g, { lastIndex: 3 }),
  [1, "two", [3], undefined],
  // biome-ignore lint/suspicious/noSparseArray: it is what is tested
  [1, , 3, undefined, ,],
  new Array(3),
  new Array(4e9),
  Object.assign(new Array(2), { 4000000000: 1, extra: [1] }),
  "match".match(/a(?<rest>.*)/),
  Object.defineProperty([1, 2], 0, { value: "hidden", enumerable: false }),
  { a: { b: null }, "": 1 },
  { 1: "one", b: 2, 0: "zero" },
  Object.assign(Object.create(null), { a: 1 }),
  Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`key ${i}`, i])),
  Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${i}`.repeat(100), i])),
  JSON.parse('{"__proto__": {"a": 1}, "toString": 1, "constructor": null}'),
  [{ id: 1, ok: true }, { id: 2, ok: false }, { ok: null, id: 3 }, { id: 4 }],
  new (class {
    readonly a = 1;
    get b() {
      return 2;
    }
  })(),
  ownTag,
  errorTag,
  objectTag,
  Object.create(Map.prototype),
  new Map<unknown, unknown>([
    ["a", 1],
    [{ k: 1 }, new Set([1, "2", Number.NaN])],
  ]),
  new (class extends Map<unknown, unknown> {})([[1, 2]]),
  [Object(1), Object(""), Object("text"), Object(false), Object(-5n), Object(-0)],
  buffer,
  { buffer, views: [new Uint8Array(buffer), new DataView(buffer), new Int16Array(buffer)] },
  new Float64Array([1.5, -0]),
  new BigInt64Array([-1n]),
  new DataView(new ArrayBuffer(3)),
  new Uint8Array(0),
  new Error(),
  new TypeError("message"),
  new RangeError("outer", { cause: new Error("inner", { cause: undefined }) }),
  Object.defineProperty(new Error("no stack"), "stack", { value: undefined }),
  { first: shared, again: [shared, shared[1]] },
];

/** What structured clone copies, and copies the same on all engines. */
const { value: anything } = fc.letrec<{ value: unknown; object: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(
      fc.constantFrom(undefined, null, true, false, -0, Number.NaN),
      fc.integer(),
      fc.double(),
      fc.bigInt(),
      fc.string({ unit: "binary", maxLength: 50 }),
      fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
    ),
    tie("object"),
  ),
  object: fc.oneof(
    fc.array(tie("value"), { maxLength: 6 }),
    fc.sparseArray(tie("value"), { maxLength: 50, maxNumElements: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom("id", "name", "__proto__", "toString", "0"), fc.string()), tie("value"), {
      maxKeys: 6,
      noNullPrototype: false,
    }),
    fc
      .tuple(fc.array(tie("value"), { maxLength: 3 }), tie("value"))
      .map(([array, extra]) => Object.assign(array, { extra })),
    fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(tie("value"), { maxLength: 4 }).map((elements) => new Set(elements)),
    fc.date({ noInvalidDate: false }),
    fc.constantFrom(/a/, /[^a]\n/giu, /ü\/(?<x>.)/sy).map((pattern) => new RegExp(pattern)),
    fc.oneof(fc.boolean(), fc.double(), fc.string(), fc.bigInt()).map((primitive) => Object(primitive)),
    fc.uint8Array({ maxLength: 40 }).map(({ buffer }) => buffer),
    fc.oneof(
      fc.int8Array(),
      fc.uint16Array(),
      fc.float32Array(),
      fc.float64Array(),
      fc.bigInt64Array(),
      fc.uint8ClampedArray(),
    ),
    fc
      .tuple(fc.constantFrom(Error, TypeError, RangeError, SyntaxError), fc.string(), fc.option(tie("value")))
      .map(([kind, text, cause]) => new kind(text, cause === null ? {} : { cause })),
  ),
}));

/** Puts some objects of the value into others, once more: what occurs twice, and cycles. */
function tied(value: unknown, seed: number): unknown {
  const objects: object[] = [];
  const visit = (each: unknown) => {
    if (typeof each !== "object" || each === null || objects.includes(each) || ArrayBuffer.isView(each)) return;
    objects.push(each);
    if (each instanceof Map) for (const entry of each) entry.forEach(visit);
    else if (each instanceof Set) each.forEach(visit);
    else for (const key of Object.keys(each)) visit(each[key as keyof typeof each]);
  };
  visit(value);
  let random = seed;
  for (const object of objects) {
    random = (Math.imul(random, 0x41c64e6d) + 12345) >>> 1;
    const other = objects[random % objects.length];
    if (random % 3 !== 0) continue;
    if (object instanceof Map) object.set(other, object);
    else if (object instanceof Set) object.add(other);
    else if (Array.isArray(object)) object.push(other);
    else if (Object.getPrototypeOf(object) === Object.prototype) Object.assign(object, { again: other });
  }
  return value;
}

describe("Channel of values", () => {
  test.each(EXAMPLES.map((value, i) => [i, value] as const))("copies what structured clone copies: %i", (_, value) => {
    const expected = described(structuredClone(value));
    expect(described(passed(value))).toBe(expected);
    // Its shape is known now.
    expect(described(passed(value))).toBe(expected);
    expect(channel.used).toBe(0);
  });

  test("copies any value that structured clone copies, with what occurs twice and cycles", () => {
    fc.assert(
      fc.property(anything, fc.nat(), (value, seed) => {
        const whole = tied(value, seed);
        expect(described(passed(whole))).toBe(described(structuredClone(whole)));
      }),
      { numRuns: 2000 },
    );
  });

  test("copies strings where there is no Buffer, as in browsers", async () => {
    const { Buffer } = globalThis;
    Reflect.deleteProperty(globalThis, "Buffer");
    const { Scratch } = await import(`${import.meta.resolve("#library/structured-scratch.js")}?without-buffer`);
    globalThis.Buffer = Buffer;
    const writer = new Scratch();
    const units = (most: number) => fc.array(fc.integer({ min: 0, max: most }), { minLength: 20, maxLength: 100 });
    const text = fc.oneof(units(0x7f), units(0xff), units(0xffff)).map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: "grapheme", minLength: 32 })), (text) => {
        writer.at = 0;
        writer.writeString(text);
        const end = writer.at;
        writer.at = 0;
        expect(writer.readString()).toBe(text);
        expect(writer.at).toBe(end);
      }),
      { numRuns: 1000, examples: [["\ufeff".repeat(40)], [`${"a".repeat(40)}\ud800`], ["é".repeat(10_000)]] },
    );
  });

  test.each([
    ["objects", (inner: unknown) => ({ inner })],
    ["arrays", (inner: unknown) => [inner]],
    ["sparse arrays", (inner: unknown) => Object.assign(new Array(2), { inner })],
    ["maps", (inner: unknown) => new Map([["inner", inner]])],
    ["keys of maps", (inner: unknown) => new Map([[inner, "inner"]])],
    ["sets", (inner: unknown) => new Set([inner])],
    [
      "causes",
      (inner: unknown) => Object.defineProperty(new TypeError("outer", { cause: inner }), "stack", { value: "" }),
    ],
  ])("copies values of any depth: %s", (_, around) => {
    const large = new Channel(space, { capacity: 2 ** 24 });
    for (const depth of [63, 64, 65, 66, 10_000]) {
      let value: unknown = "innermost";
      for (let i = 0; i < depth; i++) value = around(value);
      large.send(value);
      expect(described(large.receive())).toBe(described(value));
    }
    large.free();
  });

  test("leaves nothing of a value in what is sent next", () => {
    const inner = { inner: true };
    expect(() => channel.send([inner, inner, () => 1])).toThrow("a function");
    expect(passed([inner])).toEqual([inner]);
    expect(passed({ inner, again: inner })).toEqual({ inner, again: inner });
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
    expect(() => mutex.lock()).toThrow("this worker holds");
    token.unlock();
    expect(passed(channel)).toBeInstanceOf(Channel);
    expect(() => channel.send(new Mutex(new SharedSpace()))).toThrow(ForeignHandleError);
    expect(channel.used).toBe(0);
  });

  test("refuses what passes for an object of the space, or for bytes, and is none", () => {
    const mutex = new Mutex(space);
    const bytes = new Channel(space, { codec: "bytes" });
    for (const none of [new Proxy(mutex, {}), structuredClone(mutex)]) {
      expect(() => channel.send({ none })).toThrow(
        "Cannot send: received a WebAssembly.Memory at message.none.handle.memory; expected an object of this copy",
      );
      expect(() => Mutex.lock(none as Mutex)).toThrow(
        /received a Mutex (of another copy|as a message).+; expected one/,
      );
    }
    for (const none of [new Proxy(new Uint8Array(5), {}), Object.create(Uint8Array.prototype)]) {
      expect(() => bytes.send(none)).toThrow("expected a Uint8Array");
      expect(() => bytes.receiveInto(none)).toThrow("expected a Uint8Array");
    }
    mutex.free();
    bytes.free();
  });

  test.each([
    [() => 1, "a function"],
    [Symbol("s"), "a symbol"],
    [Object(Symbol("s")), "a Symbol"],
    [Promise.resolve(), "a Promise"],
    [new WeakMap(), "a WeakMap"],
    [new WeakRef({}), "a WeakRef"],
    [[].values(), "a Array Iterator"],
    [new Blob(["text"]), "a Blob"],
    [new URL("https://example.org"), "a URL"],
    [new SharedArrayBuffer(8), "a SharedArrayBuffer"],
    [new Uint8Array(new SharedArrayBuffer(8)), "a view of shared memory"],
    [new WebAssembly.Memory({ initial: 0 }), "a WebAssembly.Memory"],
    [detached(), "an ArrayBuffer that is detached"],
  ])("refuses what is more than its properties, and says where it is: %s", (value, kind) => {
    const refused = (message: unknown, where: string) =>
      expect(() => channel.send(message)).toThrow(
        expect.objectContaining({
          name: "DataCloneError",
          message: expect.stringContaining(`${kind}${where}; expected`),
        }),
      );
    refused(value, "");
    refused([1, value], " at message[1]");
    refused({ jobs: [{}, { "call back": value }] }, ' at message.jobs[1]["call back"]');
    refused(nested(70, [value]), " at message ... .next.next.next.next.next.next[0]");
    refused(new Map([["key", new Set([value])]]), " at message.values()[0].values()[0]");
    refused(new Map([[value, 1]]), " at message.keys()[0]");
    refused(new Error("outer", { cause: { value } }), " at message.cause.value");
    refused(Object.assign(new Array(2), { value }), " at message.value");
    expect(channel.used).toBe(0);
  });

  test("refuses views whose bytes are gone, and a Proxy that cannot be asked, or says what no array does", () => {
    const refused = (value: unknown, kind: string) =>
      expect(() => channel.send([value])).toThrow(
        expect.objectContaining({
          name: "DataCloneError",
          message: `Cannot send: received ${kind} at message[0]; expected what structured clone copies`,
        }),
      );
    refused(tooShort(Uint8Array), "a Uint8Array whose ArrayBuffer is detached, or has become too short");
    refused(tooShort(DataView), "a DataView whose ArrayBuffer is detached, or has become too short");
    refused(revoked(), "a Proxy that was revoked");
    for (const length of [-1, 1.5, Number.NaN, 2 ** 32, 1n, "1", undefined])
      refused(ofLength(length), `an array of length ${length}`);
    expect(channel.used).toBe(0);
  });

  test("refuses a message that is too long before it is written", () => {
    const small = new Channel(space, { capacity: 64 });
    expect(() => small.send(new Array(1e6).fill(1))).toThrow(RangeError);
    expect(() => small.send("x".repeat(2 ** 28))).toThrow("expected at most 56, the capacity - 8");
    // Its header takes three bytes.
    expect(() => small.send("x".repeat(54))).toThrow("received a message of 57 bytes");
    small.send("x".repeat(53));
    expect(small.receive()).toBe("x".repeat(53));
    small.free();
  });

  test("says that a message cannot be read, has taken it, and reads those after it", async () => {
    const mutex = new Mutex(space);
    for (const receive of [() => channel.receive(), () => channel.receiveIfAvailable(0)]) {
      sendUnreadable(mutex);
      channel.send([{ a: 1 }]);
      expect(receive).toThrow(
        expect.objectContaining({
          name: "DataCloneError",
          message: expect.stringContaining("is lost"),
          cause: expect.any(Error),
        }),
      );
      expect(receive()).toEqual([{ a: 1 }]);
    }
    sendUnreadable(mutex);
    channel.send({ after: [1] });
    await expect(channel.receiveAsync()).rejects.toMatchObject({ name: "DataCloneError" });
    expect(await channel.receiveAsync()).toEqual({ after: [1] });
    expect(channel.used).toBe(0);
  });

  /** What another version of the library might send. */
  function sendUnreadable(mutex: Mutex): void {
    const { landspout } = mutex.handle;
    Object.assign(mutex.handle, { landspout: "Unheard" });
    channel.send([{ a: 1 }, [2], mutex]);
    Object.assign(mutex.handle, { landspout });
  }

  test("copies what is there when getters change it, as structured clone does", () => {
    const make = () => ({
      get first(): number {
        Reflect.deleteProperty(this, "second");
        Object.assign(this, { third: 3, fourth: 4 });
        return 1;
      },
      second: 2,
      third: 0,
    });
    expect(described(passed(make()))).toBe(described(structuredClone(make())));
    const makeArray = () => {
      const array: unknown[] = [0, 1, 2, 3];
      Object.defineProperty(array, 1, {
        enumerable: true,
        get: () => {
          array.length = 3;
          return "got";
        },
      });
      return array;
    };
    expect(described(passed(makeArray()))).toBe(described(structuredClone(makeArray())));
  });

  test("throws what a getter throws, and has sent nothing", () => {
    const error = new Error("from the getter");
    const value = {
      a: [1],
      get b() {
        throw error;
      },
    };
    expect(() => channel.send([value])).toThrow(error);
    expect(channel.used).toBe(0);
    expect(passed([1])).toEqual([1]);
  });

  test("is not sent to when a getter has freed it", () => {
    const freed = new Channel(space);
    const value = {
      get a() {
        freed.free();
        return 1;
      },
    };
    expect(() => freed.send(value)).toThrow(FreedError);
  });

  test("copies views with the bytes that they show, and no others", () => {
    const bytes = Buffer.from("some text");
    const copy = passed(bytes) as Uint8Array;
    expect(copy).toEqual(new Uint8Array(bytes));
    expect(copy.buffer.byteLength).toBe(9);
    const words = new Uint16Array(new Uint16Array([1, 2, 3, 4, 5]).buffer, 2, 3);
    expect(passed(words)).toEqual(new Uint16Array([2, 3, 4]));
    expect(passed(new DataView(words.buffer, 1, 2)).byteLength).toBe(2);
  });

  test("copies array buffers that can be resized, and views that grow with them", () => {
    type Resizable = ArrayBuffer & { resize(length: number): void };
    const make = ArrayBuffer as unknown as new (length: number, options: object) => Resizable;
    const resizable = new make(4, { maxByteLength: 16 });
    const { buffer, view } = passed({ buffer: resizable, view: new Uint8Array(resizable) });
    expect(view.buffer).toBe(buffer);
    buffer.resize(8);
    expect(view.length).toBe(8);
  });

  test("copies objects of other realms", () => {
    const other = runInNewContext(
      "({ map: new Map([[1, [new Date(0), /a/g]]]), set: new Set([1]), bytes: new Uint8Array(3), error: new TypeError('m') })",
    );
    const { map, set, bytes, error } = passed(other);
    expect(map).toEqual(new Map([[1, [new Date(0), /a/g]]]));
    expect(set).toEqual(new Set([1]));
    expect(bytes).toEqual(new Uint8Array(3));
    expect(error).toMatchObject({ name: "TypeError", message: "m" });
    expect(error).toBeInstanceOf(TypeError);
  });

  test("copies objects whose keys are inherited names where Object.prototype is frozen", async () => {
    const worker = inWorker(({ library, say }) => {
      const value = [{ toString: 1, a: 2 }, Object.assign([1], { map: 3 })];
      Object.freeze(Object.prototype);
      Object.freeze(Array.prototype);
      const channel = new library.Channel(new library.SharedSpace());
      channel.send(value);
      say(channel.receive());
    }, undefined);
    expect(await message(worker)).toEqual([{ toString: 1, a: 2 }, Object.assign([1], { map: 3 })]);
    await worker.terminate();
  });

  test("knows many shapes, and forgets them", () => {
    for (let i = 0; i < casesOf(20_000); i++) {
      const value = [
        { [`first${i}`]: i, b: 1 },
        { same: i, [`key ${i}`]: 2 },
        { same: i, [`key ${i}`]: 3 },
      ];
      expect(described(passed(value))).toBe(described(value));
    }
  });

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

/** So many objects within each other. */
function nested(depth: number, inner: unknown): unknown {
  return depth === 0 ? inner : { next: nested(depth - 1, inner) };
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** Four bytes of an array buffer that has two. */
function tooShort(View: new (buffer: ArrayBuffer, offset: number, length: number) => ArrayBufferView): ArrayBufferView {
  const Resizable = ArrayBuffer as unknown as new (
    length: number,
    options: { maxByteLength: number },
  ) => ArrayBuffer & { resize(length: number): void };
  const buffer = new Resizable(8, { maxByteLength: 8 });
  const view = new View(buffer, 4, 4);
  buffer.resize(2);
  return view;
}

/** A Proxy of an array that says what length it has. */
function ofLength(length: unknown): unknown[] {
  return new Proxy([1], { get: (array, key) => (key === "length" ? length : Reflect.get(array, key)) });
}

function detached(): ArrayBuffer {
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}
