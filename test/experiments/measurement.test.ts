import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byMachine, jainIndex, type Measurement, rate, select, summarize, unitOf } from "#machines/index.js";

describe("summarize", () => {
  test("takes the middle of an odd and of an even number of values", () => {
    expect(summarize([3, 1, 2])).toEqual({ median: 2, minimum: 1, maximum: 3, count: 3 });
    expect(summarize([4, 1, 3, 2])).toEqual({ median: 2.5, minimum: 1, maximum: 4, count: 4 });
    expect(summarize([])).toBeUndefined();
  });

  test("has as many values below its median as above", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e15, max: 1e15 }), { minLength: 1 }), (values) => {
        const { median } = summarize(values)!;
        const below = values.filter((value) => value < median).length;
        const above = values.filter((value) => value > median).length;
        return below <= values.length / 2 && above <= values.length / 2;
      }),
    );
  });
});

describe("jainIndex", () => {
  test("is 1 for equal parts and 1/n where one has all", () => {
    expect(jainIndex([5, 5, 5, 5])).toBe(1);
    expect(jainIndex([7, 0, 0, 0])).toBe(0.25);
  });

  test("lies between 1/n and 1", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e6), { minLength: 1, maxLength: 64 }), (values) => {
        const index = jainIndex(values);
        return index >= 1 / values.length - 1e-9 && index <= 1 + 1e-9;
      }),
    );
  });
});

describe("select", () => {
  test("takes the rows that agree with every field", () => {
    const row = (algorithm: string, processors: number, value: number) =>
      ({ algorithm, processors, value, metric: "passingTime" }) as Measurement;
    const rows = [row("mcs", 1, 10), row("mcs", 2, 20), row("clh", 2, 30)];
    expect(select(rows, { algorithm: "mcs", processors: 2 })).toEqual([20]);
    expect(select(rows, { processors: 2 })).toEqual([20, 30]);
    expect(select(rows, { metric: "latency" })).toEqual([]);
  });
});

describe("unitOf", () => {
  test("unitOf gives times and rates the machine's unit, and others their own", () => {
    expect([unitOf("latency", "ns"), unitOf("latency", "cycles")]).toEqual(["ns", "cycles"]);
    expect([unitOf("throughput", "ns"), unitOf("throughput", "cycles")]).toEqual(["1/s", "1/kcycle"]);
    expect(unitOf("space", "cycles")).toBe("B");
    expect([rate(6, 2, "ns"), rate(6, 2, "cycles")]).toEqual([3e9, 3000]);
  });
});

describe("byMachine", () => {
  test("byMachine keeps the order of machines and of rows", () => {
    const rows = ["native", "dash", "native"].map((machine, value) => ({ machine, value }) as Measurement);
    expect([...byMachine(rows)]).toEqual([
      ["native", [rows[0], rows[2]]],
      ["dash", [rows[1]]],
    ]);
  });
});
