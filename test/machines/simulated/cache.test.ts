import { describe, expect, test } from "vitest";
import { SnoopingBus } from "#machines/machines/simulated/memory/bus.js";
import { Cache } from "#machines/machines/simulated/memory/cache.js";
import { mesi } from "#machines/machines/simulated/memory/protocols/mesi.js";

const VALID = 1;

describe("Cache", () => {
  test("fills the invalid ways first, in order, then replaces the least recently used", () => {
    const cache = new Cache({ size: 64, ways: 4, line: 16 });
    const filled = [0x00, 0x10, 0x20, 0x30].map((address) => {
      const slot = cache.victim(address);
      cache.fill(slot, 0, address, VALID);
      return slot;
    });
    expect(filled).toEqual([0, 1, 2, 3]);
    cache.touch(0);
    expect(cache.victim(0x40)).toBe(1);
    cache.touch(1);
    expect(cache.victim(0x40)).toBe(2);
    cache.states[3] = 0;
    expect(cache.victim(0x40)).toBe(3);
  });

  test("finds a line by any of its bytes and no longer when it is invalid", () => {
    const cache = new Cache({ size: 64, ways: 1, line: 16 });
    cache.fill(cache.victim(0x25), 0, 0x25, VALID);
    expect([0x1f, 0x20, 0x2f, 0x30].map((address) => cache.find(0, address))).toEqual([-1, 2, 2, -1]);
    cache.states[2] = 0;
    expect(cache.find(0, 0x20)).toBe(-1);
  });

  test("tells apart addresses that differ in any one of 64 bits above the line", () => {
    const cache = new Cache({ size: 16, ways: 1, line: 16 });
    cache.fill(0, 0, 0, VALID);
    for (let bit = 0; bit < 64; bit++) {
      const high = bit < 32 ? 0 : (1 << (bit - 32)) | 0;
      const low = bit < 32 ? (1 << bit) | 0 : 0;
      expect(cache.find(high, low), `bit ${bit}`).toBe(bit < 4 ? 0 : -1);
    }
  });

  test.each([
    [{ size: 100, ways: 1, line: 4 }, /received size 100; expected a power of two from 1 to 1073741824 bytes/],
    [{ size: 0, ways: 1, line: 4 }, /received size 0/],
    [{ size: 2 ** 31, ways: 1, line: 4 }, /received size 2147483648/],
    [{ size: 64, ways: 1, line: 24 }, /received line 24; expected a power of two from 1 to 64 bytes/],
    [{ size: 64, ways: 1, line: 128 }, /received line 128/],
    [{ size: 64, ways: 3, line: 16 }, /received ways 3; expected a power of two from 1 to 4 lines/],
    [{ size: 64, ways: 8, line: 16 }, /received ways 8/],
  ])("refuses %j", (geometry, message) => {
    expect(() => new Cache(geometry)).toThrow(message);
  });
});

describe("SnoopingBus", () => {
  test("does not take a snooped line for one that is used", () => {
    const bus = new SnoopingBus(mesi, 2, { size: 32, ways: 2, line: 16 });
    for (const [processor, address] of [
      [0, 0x00],
      [0, 0x10],
      [1, 0x00],
      [0, 0x20],
    ]) {
      bus.access(processor!, 0, 0, address!);
    }
    expect([0x00, 0x10, 0x20].map((address) => bus.caches[0]!.find(0, address))).toEqual([-1, 1, 0]);
  });

  test("fills the way that an invalidation left rather than the least recently used one", () => {
    const bus = new SnoopingBus(mesi, 2, { size: 32, ways: 2, line: 16 });
    bus.access(0, 0, 0, 0x00);
    bus.access(0, 0, 0, 0x10);
    bus.access(1, 1, 0, 0x10);
    bus.access(0, 0, 0, 0x20);
    expect([0x00, 0x10, 0x20].map((address) => bus.caches[0]!.find(0, address))).toEqual([0, -1, 1]);
  });

  test("refuses numbers of processors and of lines that it cannot hold", () => {
    expect(() => new SnoopingBus(mesi, 0, { size: 32, ways: 2, line: 16 })).toThrow(/received 0 processors/);
    expect(() => new SnoopingBus(mesi, 1025, { size: 32, ways: 2, line: 16 })).toThrow(/expected 1 to 1024/);
    expect(() => new SnoopingBus(mesi, 64, { size: 2 ** 30, ways: 2, line: 16 })).toThrow(/expected at most 67108864/);
  });
});
