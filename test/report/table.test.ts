import { describe, expect, test } from "vitest";
import { formatNumber, formatTable, formatTime } from "#machines/report/table.js";

const table = {
  title: "Locks",
  note: "All times are medians of three.",
  columns: ["lock", "latency", "fair"],
  rows: [
    ["mcs", "17 ns", "1.00"],
    ["spin-then-block", "16 ns", "0.93"],
  ],
};

describe("formatTable", () => {
  test("aligns the first column to the left and the others to the right", () => {
    expect(formatTable(table, 80).split("\n").slice(2, 6)).toEqual([
      "lock             latency  fair",
      "──────────────────────────────",
      "mcs                17 ns  1.00",
      "spin-then-block    16 ns  0.93",
    ]);
  });

  test("puts columns that do not fit below, beside the first column again", () => {
    const lines = formatTable(table, 25).split("\n");
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(25);
    expect(lines.filter((line) => line.startsWith("mcs"))).toEqual([
      "mcs                17 ns",
      "mcs              1.00",
    ]);
  });
});

describe("ReportTable.rows", () => {
  test("ReportTable.rows may end early: their last cell takes the place of the others, and of no other block's", () => {
    const short = { ...table, rows: [...table.rows, ["ticket", "not available: needs fetch_and_increment"]] };
    expect(formatTable(short, 80).split("\n").slice(2, 7)).toEqual([
      "lock             latency  fair",
      "──────────────────────────────",
      "mcs                17 ns  1.00",
      "spin-then-block    16 ns  0.93",
      "ticket           not available: needs fetch_and_increment",
    ]);
    expect(formatTable(short, 25).match(/^ticket/gm)).toHaveLength(1);
  });
});

describe("formatTime", () => {
  test("chooses the unit and keeps three digits", () => {
    expect([0.4126, 12.44, 999.9, 1234, 45_600_000, 2e9].map(formatTime)).toEqual([
      "0.413 ns",
      "12.4 ns",
      "1000 ns",
      "1.23 µs",
      "45.6 ms",
      "2.00 s",
    ]);
  });
});

describe("formatNumber", () => {
  test("keeps what stands before the point", () => {
    expect([0, 0.5, 3, 31.4, 1234.5].map(formatNumber)).toEqual(["0", "0.500", "3.00", "31.4", "1235"]);
  });
});
