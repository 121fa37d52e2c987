import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { estimate } from "#machines/published/batch-means.js";
import { reloadFractions } from "#machines/published/reload.js";

describe("reloadFractions", () => {
  test("of a direct-mapped cache is the part whose sets others have come to", () => {
    const [footprint, sets] = [100, 512];
    const fractions = reloadFractions(footprint, { sets, associativity: 1 }, "least recent", 20);
    const missed = (1 - 1 / sets) ** footprint;
    fractions.forEach((fraction, I) => {
      expect(fraction).toBeCloseTo((footprint - sets * (1 - missed) * missed ** I) / footprint, 9);
    });
  });

  test("is what blocks in sets of a cache with LRU replacement come to", () => {
    const [footprint, sets, associativity, most] = [60, 32, 4, 3];
    const rounds = 400;
    const lost = new Array<number>(most + 1).fill(0);
    let state = 12_345;
    const random = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) % sets;
    };
    for (let round = 0; round < rounds; round++) {
      // The owners of each set's blocks, the latest last.
      const cache = Array.from({ length: sets }, () => [] as number[]);
      for (let owner = 0; owner <= most; owner++) {
        for (let block = 0; block < footprint; block++) cache[random()]!.push(owner);
        const kept = cache.reduce((sum, set) => sum + set.slice(-associativity).filter((each) => each === 0).length, 0);
        lost[owner]! += (footprint - kept) / footprint / rounds;
      }
    }
    const fractions = reloadFractions(footprint, { sets, associativity }, "least recent", most);
    // What one intervening task has in a set beyond its ways displaces nothing more: X is truncated.
    fractions.forEach((fraction, I) => {
      expect(fraction).toBeCloseTo(lost[I]!, 1.5);
    });
  });

  test.each(["least recent", "any"] as const)("rises from what one task displaces itself to 1, %s", (displacement) => {
    const caches = fc.record({ sets: fc.integer({ min: 8, max: 64 }), associativity: fc.integer({ min: 1, max: 4 }) });
    fc.assert(
      fc.property(caches, fc.integer({ min: 8, max: 64 }), (cache, footprint) => {
        const fractions = reloadFractions(footprint, cache, displacement, 30);
        for (let I = 1; I < fractions.length; I++) expect(fractions[I]).toBeGreaterThan(fractions[I - 1]! - 1e-9);
        expect(fractions[0]).toBeGreaterThan(-1e-9);
        expect(fractions.at(-1)).toBeLessThan(1 + 1e-9);
      }),
      { numRuns: 30 },
    );
  });

  test("keeps a K-th of so many others in a set at last, where any block may be displaced", () => {
    const fractions = reloadFractions(1900, { sets: 16_384, associativity: 2 }, "any", 1000);
    const others = (1000 * 1900) / 16_384;
    expect(1 - fractions[1000]!).toBeCloseTo(2 / others, 3);
  });
});

describe("estimate", () => {
  test("is the mean of ten batches, with Student's interval of 98 %", () => {
    // Mean 5.5, standard deviation 3.0277: 2.821 times that by the root of 10.
    const { mean, halfWidth } = estimate([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(mean).toBe(5.5);
    expect(halfWidth).toBeCloseTo(2.701, 3);
  });
});
