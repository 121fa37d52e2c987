import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TlbDescription } from "#machines/machines/presets/description.js";
import { Random } from "#machines/machines/random.js";
import { Tlb } from "#machines/machines/simulated/privileged/tlb.js";
import { allocateOwn } from "#machines/processor/allocation.js";
import { ENTRY } from "#machines/program/privileged.js";

const DESCRIPTIONS: readonly TlbDescription[] = [
  { entries: 48, ways: 48, pages: 2, replacement: "random" },
  { entries: 28, ways: 28, pages: 1, replacement: "not last used" },
  { entries: 16, ways: 4, pages: 1, replacement: "least recently used" },
  { entries: 8, ways: 2, pages: 2, replacement: "least recently used" },
];

type Step = readonly [what: "write" | "global" | "drop" | "drop space" | "drop all", space: number, page: number];

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom("write", "write", "write", "global", "drop", "drop space", "drop all"),
  fc.nat({ max: 2 }),
  fc.nat({ max: 40 }),
) as never;

const make = (description: TlbDescription, dropped: (space: number, page: number) => void = () => {}) =>
  new Tlb(description, new Random(1), allocateOwn, dropped);

describe("Tlb", () => {
  test.each(DESCRIPTIONS)(
    "never has a translation that was dropped or replaced: $entries entries, $ways ways",
    (description) => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
          const tlb = make(description);
          // What the kernel has written and not dropped; a global one counts for each space that has none of its own.
          const own = new Map<string, number>();
          const everywhere = new Map<number, number>();
          steps.forEach(([what, space, page], i) => {
            const translation = 4096 * i + ENTRY.valid;
            if (what === "write") own.set(`${space} ${page}`, translation);
            if (what === "global") everywhere.set(page, translation + ENTRY.global);
            if (what === "drop") {
              own.delete(`${space} ${page}`);
              everywhere.delete(page);
            }
            for (const key of [...own.keys()]) {
              if (what === "drop all" || (what === "drop space" && key.startsWith(`${space} `))) own.delete(key);
            }
            if (what === "write") tlb.write(space, page, translation, i);
            else if (what === "global") tlb.write(space, page, translation + ENTRY.global, i);
            else if (what === "drop") tlb.drop(space, page);
            else tlb.dropSpace(what === "drop space" ? space : undefined);
            for (let looked = 0; looked <= 40; looked++) {
              const entry = tlb.find(space, looked);
              if (entry < 0) continue;
              expect([own.get(`${space} ${looked}`), everywhere.get(looked)]).toContain(tlb.translation(entry, looked));
            }
          });
        }),
        { numRuns: 100 },
      );
    },
  );

  test("says of each page whose translation it may have lost", () => {
    const lost: number[] = [];
    const tlb = make(
      { entries: 2, ways: 2, pages: 1, replacement: "least recently used" },
      (_, page) => void lost.push(page),
    );
    for (const [lookup, page] of [3, 4, 5].entries()) tlb.write(0, page, 4096 + ENTRY.valid, lookup);
    expect(lost).toEqual([3, 4, 3, 5]);
    expect([3, 4, 5].map((page) => tlb.find(0, page) >= 0)).toEqual([false, true, true]);
  });

  test("replaces what was looked up longest ago, or anything but what was looked up last", () => {
    const pages = (replacement: TlbDescription["replacement"]) => {
      const tlb = make({ entries: 4, ways: 4, pages: 1, replacement });
      for (let page = 0; page < 4; page++) tlb.write(0, page, 4096 + ENTRY.valid, page);
      tlb.found(tlb.find(0, 0), 10);
      tlb.write(0, 9, 4096 + ENTRY.valid, 11);
      return [0, 1, 2, 3].filter((page) => tlb.find(0, page) >= 0);
    };
    expect(pages("least recently used")).toEqual([0, 2, 3]);
    expect(pages("not last used")).toContain(0);
    expect(pages("not last used")).toHaveLength(3);
  });

  test("keeps both pages of a pair in one entry, each with its own translation", () => {
    const tlb = make({ entries: 2, ways: 2, pages: 2, replacement: "least recently used" });
    tlb.write(0, 6, 4096 + ENTRY.valid, 1);
    expect(tlb.find(0, 7)).toBe(-1);
    tlb.write(0, 7, 8192 + ENTRY.valid, 2);
    expect(tlb.find(0, 7)).toBe(tlb.find(0, 6));
    tlb.drop(0, 6);
    expect([tlb.find(0, 6) >= 0, tlb.find(0, 7) >= 0]).toEqual([false, true]);
  });
});
