import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crossingOf, kendallTau, slopeOf, valueAt } from "#machines/published/comparison.js";
import type { Point } from "#machines/published/figure.js";

describe("slopeOf", () => {
  test("finds a line's slope, whatever lies outside of the range", () => {
    const slope = fc.integer({ min: -50, max: 50 });
    fc.assert(
      fc.property(slope, fc.integer({ min: -9, max: 9 }), fc.integer({ min: 2, max: 20 }), (m, b, count) => {
        const line = Array.from({ length: count }, (_, x): Point => [x, m * x + b]);
        expect(slopeOf([...line, [99, 1e6]], 0, count)).toBeCloseTo(m, 9);
      }),
    );
  });

  test("is the least squares' of points beside a line", () => {
    expect(
      slopeOf(
        [
          [0, 0],
          [1, 3],
          [2, 0],
          [3, 3],
        ],
        0,
        3,
      ),
    ).toBeCloseTo(0.6, 9);
  });

  test("is undefined where fewer than two points lie", () => {
    expect(
      slopeOf(
        [
          [1, 5],
          [9, 7],
        ],
        2,
        9,
      ),
    ).toBeUndefined();
  });
});

describe("valueAt", () => {
  const points: Point[] = [
    [2, 10],
    [4, 20],
    [8, 0],
  ];

  test("is a point's value, and on the line between two", () => {
    expect([2, 4, 8].map((P) => valueAt(points, P))).toEqual([10, 20, 0]);
    expect([3, 5, 7].map((P) => valueAt(points, P))).toEqual([15, 15, 5]);
  });

  test("is undefined outside of the points", () => {
    expect([1, 9].map((P) => valueAt(points, P))).toEqual([undefined, undefined]);
  });
});

describe("kendallTau", () => {
  test("is 1 for the same order, -1 for the reverse", () => {
    expect(kendallTau([1, 2, 3, 4], [10, 20, 21, 40])).toBe(1);
    expect(kendallTau([1, 2, 3, 4], [4, 3, 2, 1])).toBe(-1);
  });

  test("loses two of all pairs with each pair that has changed places", () => {
    expect(kendallTau([1, 2, 3, 4, 5], [2, 1, 3, 4, 5])).toBeCloseTo(0.8, 12);
  });

  test("corrects for ties (tau-b)", () => {
    // Two pairs agree, one is a tie of the second ranking: 2 / sqrt(3 x 2).
    expect(kendallTau([1, 2, 3], [1, 1, 2])).toBeCloseTo(2 / Math.sqrt(6), 12);
  });

  test("is undefined where nothing is ranked", () => {
    expect(kendallTau([1], [1])).toBeUndefined();
    expect(kendallTau([1, 1], [1, 2])).toBeUndefined();
  });
});

describe("crossingOf", () => {
  const rising: Point[] = [
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 4],
  ];

  test("is where the curve that was below stays above", () => {
    expect(
      crossingOf(rising, [
        [1, 2.5],
        [4, 2.5],
      ]),
    ).toBe(3);
    expect(
      crossingOf(
        [
          [1, 2.5],
          [2, 2.5],
          [3, 2.5],
          [4, 2.5],
        ],
        rising,
      ),
    ).toBe(3);
  });

  test("is the last one where curves cross three times", () => {
    expect(
      crossingOf(rising, [
        [1, 2],
        [2, 1],
        [3, 5],
        [4, 3],
      ]),
    ).toBe(4);
  });

  test("is undefined where they end as they began", () => {
    expect(
      crossingOf(rising, [
        [1, 2],
        [4, 5],
      ]),
    ).toBeUndefined();
    expect(
      crossingOf(rising, [
        [1, 2],
        [2, 1],
        [3, 4],
        [4, 5],
      ]),
    ).toBeUndefined();
  });
});
