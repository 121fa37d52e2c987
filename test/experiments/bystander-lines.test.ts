import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bystanderLines } from "#machines/experiments/bystander-lines.js";

/** Homes that take turns by `unit` bytes. */
const interleaved = (homes: number, unit: number) => (address: number) => Math.floor(address / unit) % homes;

describe("bystanderLines", () => {
  test("bystanderLines finds lines of the lock's home, and of one other home, in what it was given", () => {
    const machines = fc.record({
      homes: fc.integer({ min: 1, max: 100 }),
      unit: fc.constantFrom(16, 32, 64, 128),
      lock: fc.integer({ min: 1, max: 1000 }).map((line) => 128 * line),
      start: fc.integer({ min: 1000, max: 2000 }).map((line) => 128 * line),
    });
    fc.assert(
      fc.property(machines, ({ homes, unit, lock, start }) => {
        const homeOf = interleaved(homes, unit);
        let end = 0;
        const { stride, lines, atHome, elsewhere } = bystanderLines(homeOf, lock, (bytes) => {
          end = start + bytes;
          return start;
        });
        const homesOf = (first: number) =>
          new Set(Array.from({ length: lines }, (_, line) => homeOf(first + line * stride)));
        expect(homesOf(atHome)).toEqual(new Set([homeOf(lock)]));
        expect(homesOf(elsewhere).size).toBe(1);
        // As far as lines of 128 bytes begin in several homes at all.
        const reachable = new Set(Array.from({ length: 200 }, (_, line) => homeOf(128 * line))).size;
        if (reachable > 1) expect(homeOf(elsewhere)).not.toBe(homeOf(lock));
        for (const first of [atHome, elsewhere]) {
          expect(first).toBeGreaterThanOrEqual(start);
          expect(first + (lines - 1) * stride + 4).toBeLessThanOrEqual(end);
        }
      }),
    );
  });

  test("bystanderLines takes no more than half of the kernel's interleaved part, however many homes there are", () => {
    let taken = 0;
    bystanderLines(interleaved(4096, 128), 256, (bytes) => {
      taken = bytes;
      return 4096;
    });
    expect(taken).toBeLessThanOrEqual(2 << 20);
  });
});
