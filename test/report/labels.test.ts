import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { placeLabels } from "#machines/report/labels.js";

describe("placeLabels", () => {
  test("placeLabels leaves labels that are in nobody's way", () => {
    expect(placeLabels([10, 40, 90], 15, 0, 100)).toEqual([10, 40, 90]);
    expect(placeLabels([], 15, 0, 100)).toEqual([]);
  });

  test("placeLabels spreads labels in each other's way about where they want to be", () => {
    expect(placeLabels([50, 50, 50], 10, 0, 100)).toEqual([40, 50, 60]);
    expect(placeLabels([0, 2, 99], 10, 0, 100)).toEqual([0, 10, 99]);
    expect(placeLabels([98, 100], 10, 0, 100)).toEqual([90, 100]);
  });

  test("placeLabels keeps order, distance and bounds, closer where the room is not enough", () => {
    const wanted = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(wanted, (places) => {
        const placed = placeLabels(
          places.toSorted((a, b) => a - b),
          10,
          0,
          100,
        );
        const apart = Math.min(10, 100 / Math.max(1, places.length - 1));
        for (const [i, place] of placed.entries()) {
          expect(place).toBeGreaterThanOrEqual(-1e-9);
          expect(place).toBeLessThanOrEqual(100 + 1e-9);
          if (i > 0) expect(place - placed[i - 1]!).toBeGreaterThanOrEqual(apart - 1e-9);
        }
      }),
    );
  });
});
