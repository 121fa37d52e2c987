import { describe, expect, test } from "vitest";
import { type Measurement, type Metric, readCatalogue, UNITS } from "#dist/index.js";
import { gradingTables } from "#dist/report/grading.js";

const host = { cpu: "test", cores: 2, node: "20.0.0", pinned: true, load: 0 };
const row = (algorithm: string, processors: number, metric: Metric, value: number, repetition = 0): Measurement => ({
  ...{ machine: "native", workload: "lock", seed: 1, unit: UNITS[metric] },
  ...{ algorithm, processors, metric, value, repetition },
  ...host,
});

describe("gradingTables", () => {
  test("fills a lock's cells from its rows, with the median of the repetitions", async () => {
    const rows = [
      row("mcs", 1, "latency", 20),
      row("mcs", 1, "latency", 18, 1),
      row("mcs", 1, "latency", 19, 2),
      row("mcs", 2, "passingTime", 320),
      row("mcs", 8, "passingTime", 21_000),
      row("mcs", 2, "fairness", 0.987),
      row("mcs", 2, "longestWait", 12e6),
      row("mcs", 2, "space", 384),
    ];
    const tables = gradingTables(rows, await readCatalogue());
    expect(tables.map((table) => table.title)).toEqual(["Locks"]);
    const { columns, rows: cells } = tables[0]!;
    const cell = (column: string) => cells[0]![columns.indexOf(column)];
    expect(cells).toHaveLength(1);
    expect(cell("latency")).toBe("19.0 ns");
    expect(cell("P=2 (all cores)")).toBe("320 ns");
    expect(cell("P=8 (4x)")).toBe("21.0 µs");
    expect(cell("fair")).toBe("0.99");
    expect(cell("longest wait")).toBe("12.0 ms");
    expect(cell("space P=2")).toBe("384 B");
    expect(cell("FIFO")).toBe("yes");
    expect(cell("RMW/CS"), "is measured on the simulated machine only").toBe("-");
  });

  test("marks what was measured while processors had to be cut off, and says what the mark means", async () => {
    const rows = [row("mcs", 8, "passingTime", 9e6), row("mcs", 8, "cutOff", 3), row("clh", 8, "cutOff", 8)];
    const table = gradingTables(rows, await readCatalogue())[0]!;
    const column = table.columns.indexOf("P=8 (4x)");
    expect(table.rows.map((cells) => [cells[0], cells[column]])).toEqual([
      ["clh", "!"],
      ["mcs", "9.00 ms!"],
    ]);
    expect(table.note).toContain("!: processors did not stop");
  });

  test("shows a cell without a measurement as such", async () => {
    const tables = gradingTables([row("mcs", 2, "space", 384)], await readCatalogue());
    expect(tables[0]!.rows[0]![1]).toBe("-");
  });

  test("has no table for a kind without rows", () => {
    expect(gradingTables([], [])).toEqual([]);
  });
});
