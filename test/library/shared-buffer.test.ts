import { describe, expect, test } from "vitest";
import { inspect } from "#library/debug/index.js";
import { FreedError, receive, SharedBuffer, SharedSpace, SpaceFullError } from "#library/index.js";
import { exit, inWorker, message } from "./in-worker.js";

const space = new SharedSpace({ maximumBytes: 64 << 20 });

describe("SharedBuffer", () => {
  test("is zeroed, as large as was asked for, and begins on a cache line", () => {
    for (const length of [0, 1, 100, 4096, 65536, 1_000_000]) {
      const buffer = new SharedBuffer(space, length);
      expect(buffer.byteLength).toBe(length);
      expect(buffer.bytes.length).toBe(length);
      expect(buffer.bytes.byteOffset % 128).toBe(0);
      buffer.bytes.fill(255);
      buffer.free();
      const again = new SharedBuffer(space, length);
      expect(again.bytes.some((byte) => byte !== 0)).toBe(false);
      again.free();
    }
  });

  test("has views of all element types, of as many elements as there is room for", () => {
    const buffer = new SharedBuffer(space, 20);
    const floats = buffer.view(Float64Array);
    expect(floats.length).toBe(2);
    floats[1] = 1.5;
    expect(buffer.view(DataView).getFloat64(8, true)).toBe(1.5);
    expect(buffer.view(DataView).byteLength).toBe(20);
    expect(buffer.view(BigInt64Array).length).toBe(2);
    expect(Atomics.add(buffer.view(Int32Array), 4, 7)).toBe(0);
    expect(buffer.bytes[16]).toBe(7);
    buffer.free();
  });

  test("is the same bytes for a worker that receives it, which sees them at once", async () => {
    const buffer = new SharedBuffer(space, 64);
    buffer.bytes[0] = 42;
    const worker = inWorker(
      ({ data, say }) => {
        const words = data.buffer.view(Int32Array);
        say(`${data.buffer.byteLength} ${words[0]}`);
        Atomics.wait(words, 1, 0);
        Atomics.store(words, 2, words[1]! + 1);
      },
      { buffer },
    );
    expect(await message(worker)).toBe("64 42");
    const words = buffer.view(Int32Array);
    Atomics.store(words, 1, 5);
    Atomics.notify(words, 1);
    await exit(worker);
    expect(words[2]).toBe(6);
    buffer.free();
  });

  test("has views that stay valid when the space grows, by whichever worker", async () => {
    const buffer = new SharedBuffer(space, 1000);
    const { bytes } = buffer;
    const before = space.memory.buffer.byteLength;
    const worker = inWorker(
      ({ data, library, say }) => {
        const large = new library.SharedBuffer(data.buffer.space, 20_000_000);
        large.bytes[19_999_999] = 1;
        data.buffer.bytes[999] = 9;
        say({ large });
      },
      { buffer },
    );
    const { large } = receive<{ large: SharedBuffer }>(await message(worker));
    expect(space.memory.buffer.byteLength).toBeGreaterThan(before);
    expect(large.bytes[19_999_999]).toBe(1);
    expect(bytes[999]).toBe(9);
    expect(buffer.bytes).toBe(bytes);
    large.free();
    buffer.free();
  });

  test("throws a FreedError when it was freed, also where it is received afterwards", () => {
    const buffer = new SharedBuffer(space, 10);
    const message = structuredClone({ buffer });
    {
      using received = receive<{ buffer: SharedBuffer }>(structuredClone(message)).buffer;
      expect(received.freed).toBe(false);
    }
    expect(() => buffer.bytes).toThrow(FreedError);
    expect(() => buffer.view(Int8Array)).toThrow(FreedError);
    expect(() => buffer.free()).toThrow(FreedError);
    const { buffer: late } = receive<{ buffer: SharedBuffer }>(message);
    expect(late.byteLength).toBe(0);
    expect(() => late.bytes).toThrow(FreedError);
  });

  test("is one object to landspout/debug, whatever its bytes are", () => {
    const small = new SharedSpace();
    const buffer = new SharedBuffer(small, 200);
    buffer.view(Int32Array)[0] = (1 << 24) | 1;
    expect(inspect(small).objects.map(({ kind }) => kind)).toEqual(["SharedBuffer"]);
    expect(inspect(small).bytesInUse).toBe(256 + 128);
  });

  test("gives its memory back, for others of any size", () => {
    const small = new SharedSpace({ maximumBytes: 64 << 16 });
    for (let round = 0; round < 100; round++) {
      using large = new SharedBuffer(small, 40 << 16);
      expect(() => new SharedBuffer(small, 40 << 16)).toThrow(SpaceFullError);
      expect(large.byteLength).toBe(40 << 16);
    }
    expect(() => new SharedBuffer(small, -1)).toThrow(
      "Cannot make a SharedBuffer: received -1; expected bytes, a whole number, 0 to 4294901760",
    );
    expect(() => new SharedBuffer(small, 1.5)).toThrow(RangeError);
  });
});
