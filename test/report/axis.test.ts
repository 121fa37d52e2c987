import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { axisOf } from "#machines/report/axis.js";

const texts = (...parameters: Parameters<typeof axisOf>) => axisOf(...parameters).ticks.map(({ text }) => text);

describe("axisOf", () => {
  test("axisOf begins and ends an axis with ticks that have all values between them", () => {
    const value = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(value, value, fc.boolean(), (a, b, spans) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const { ticks, position } = axisOf(low, high, "ns", spans);
        expect(ticks.length).toBeGreaterThan(1);
        expect(position(ticks[0]!.value)).toBe(0);
        expect(position(ticks.at(-1)!.value)).toBe(1);
        for (const each of [low, high]) {
          expect(position(each)).toBeGreaterThanOrEqual(0);
          expect(position(each)).toBeLessThanOrEqual(1);
        }
        expect(ticks.map(({ value }) => value)).toEqual(ticks.map(({ value }) => value).sort((a, b) => a - b));
        expect(new Set(ticks.map(({ text }) => text)).size, "no two ticks read the same").toBe(ticks.length);
      }),
    );
  });

  test("axisOf divides decades, unless there are many", () => {
    expect(texts(90, 640, "cycles", true)).toEqual(["50", "100", "200", "500", "1,000"]);
    expect(texts(0.012, 700, "1", true)).toEqual(["0.01", "0.1", "1", "10", "100", "1,000"]);
  });

  test("axisOf says one unit for all ticks, the one of the values in the middle", () => {
    const { unit, ticks, text } = axisOf(12, 45e6, "ns", true);
    expect(unit).toBe("µs");
    expect(ticks.at(0)!.text).toBe("0.01");
    expect(ticks.at(-1)!.text).toBe("100,000");
    expect(text(1234.5)).toBe("1.23");
  });

  test("axisOf begins at 0 where values do not span decades", () => {
    const { logarithmic, unit } = axisOf(40e6, 310e6, "1/s", false);
    expect([logarithmic, unit]).toEqual([false, "M/s"]);
    expect(texts(40e6, 310e6, "1/s", false)).toEqual(["0", "100", "200", "300", "400"]);
    expect(axisOf(1e6, 310e6, "1/s", false).logarithmic).toBe(true);
  });
});
