import { describe, expect, test } from "vitest";
import type { Measurement } from "#machines/index.js";
import { chartOf, sharesOf } from "#machines/report/charts.js";
import { SECTIONS } from "#machines/report/sections.js";

function row(fields: Partial<Measurement>): Measurement {
  return {
    ...{ machine: "native", workload: "lock", algorithm: "mcs", processors: 2, metric: "passingTime", value: 120 },
    ...{ unit: "ns", seed: 1, repetition: 0, cpu: "A processor", cores: 2, node: "20.19.0", pinned: true, load: 0 },
    ...fields,
  };
}

const catalogue = ["clh", "mcs", "ticket"].map((name) => ({ kind: "lock", name }) as const);

const PASSING = { workload: "lock", metric: "passingTime" } as const;

describe("chartOf", () => {
  test("chartOf has medians with their spread, and null where nothing was measured", () => {
    const rows = [
      ...[7, 5, 6].map((value, repetition) => row({ algorithm: "ticket", processors: 4, value, repetition })),
      row({ algorithm: "mcs", processors: 1, value: 3 }),
      row({ algorithm: "ticket", processors: 4, metric: "cutOff", value: 2, unit: "processors" }),
    ];
    expect(chartOf(rows, PASSING, catalogue)).toEqual({
      ...{ workload: "lock", unit: "ns", cores: 2, along: "processor", counts: [1, 4] },
      lines: [
        { name: "mcs", number: 1, points: [{ median: 3, minimum: 3, maximum: 3, count: 1, cutOff: 0 }, null] },
        { name: "ticket", number: 2, points: [null, { median: 6, minimum: 5, maximum: 7, count: 3, cutOff: 2 }] },
      ],
    });
  });

  test("chartOf numbers an algorithm by the catalogue, whichever others were measured, and unknown ones after it", () => {
    const numbers = (...names: string[]) =>
      chartOf(
        names.map((algorithm) => row({ algorithm })),
        PASSING,
        catalogue,
      )?.lines.map(({ name, number }) => [name, number]);
    expect(numbers("ticket")).toEqual([["ticket", 2]]);
    expect(numbers("mine", "ticket", "clh")).toEqual([
      ["clh", 0],
      ["ticket", 2],
      ["mine", 3],
    ]);
  });

  test("chartOf leaves out what has no logarithm, and is undefined without the rest", () => {
    expect(chartOf([row({ value: 0 }), row({ value: Number.POSITIVE_INFINITY })], PASSING, [])).toBe(undefined);
    expect(chartOf([row({})], { ...PASSING, workload: "barrier" }, [])).toBe(undefined);
  });
});

describe("chartOf of a section of its own kind", () => {
  test("chartOf goes along what the section says, with the rows and the lines that it chooses", () => {
    const reload = (footprint: number, intervening: number, value: number) =>
      row({ workload: "policy", algorithm: "fcfs", metric: "reload", footprint, intervening, value });
    const section = SECTIONS.find(({ part }) => part === "footprints")!;
    const rows = [
      ...[reload(8192, 1, 10), reload(8192, 2, 20), reload(16384, 1, 30), reload(16384, 4, 40)],
      row({ workload: "policy", algorithm: "fcfs", metric: "reload", intervening: 2, value: 50, tasks: 8 }),
    ];
    const chart = chartOf(rows, section, catalogue)!;
    expect(chart).toMatchObject({ along: "intervening task", counts: [1, 2, 4], cores: 4 });
    expect(chart.lines.map(({ name, points }) => [name, points.map((point) => point?.median)])).toEqual([
      ["8 KiB", [10, 20, undefined]],
      ["16 KiB", [30, undefined, 40]],
    ]);
  });
});

describe("sharesOf", () => {
  test("sharesOf shows the repetition in the middle by Jain's index, at the most processors, the fairest lock first", () => {
    const of = (algorithm: string, repetition: number, fairness: number, parts: readonly number[]) => [
      row({ algorithm, repetition, metric: "fairness", value: fairness, unit: "1" }),
      ...parts.map((value, processor) => row({ algorithm, repetition, processor, metric: "share", value, unit: "1" })),
    ];
    const rows = [
      row({ processors: 1, processor: 0, metric: "share", value: 1, unit: "1" }),
      ...of("clh", 0, 0.5, [1, 0]),
      ...of("clh", 1, 1, [0.5, 0.5]),
      ...of("clh", 2, 0.8, [0.75, 0.25]),
      ...of("ticket", 0, 0.9, [0.6, 0.4]),
      row({ algorithm: "ticket", metric: "longestWait", value: 900 }),
    ];
    const shares = sharesOf(rows, catalogue)!;
    expect([shares.processors, shares.unit]).toEqual([2, "ns"]);
    expect(shares.locks.map(({ name, parts }) => [name, parts])).toEqual([
      ["ticket", [0.6, 0.4]],
      ["clh", [0.75, 0.25]],
    ]);
    expect(shares.locks[0]!.longestWait?.median).toBe(900);
    expect(shares.locks[1]!.longestWait).toBe(null);
    expect(shares.locks[1]!.fairness).toEqual({ median: 0.8, minimum: 0.5, maximum: 1, count: 3 });
    expect(sharesOf([row({})], catalogue)).toBe(undefined);
  });
});
