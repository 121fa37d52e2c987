import { describe, expect, test } from "vitest";
import { type Measurement, type Metric, readCatalogue, unitOf } from "#machines/index.js";
import { gradingTables } from "#machines/report/grading.js";

const host = { cpu: "test", cores: 2, node: "20.0.0", pinned: true, load: 0 };
const row = (algorithm: string, processors: number, metric: Metric, value: number, repetition = 0): Measurement => ({
  ...{ machine: "native", workload: "lock", seed: 1, unit: unitOf(metric, "ns") },
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
    expect(tables.map((table) => table.title)).toEqual(["Locks on native"]);
    const { columns, rows: cells } = tables[0]!;
    const cell = (column: string) => cells[0]![columns.indexOf(column)];
    expect(cells).toHaveLength(1);
    expect(cell("latency")).toBe("19.0 ns");
    expect(cell("P=2 (all cores)")).toBe("320 ns");
    expect(cell("P=8 (4x)")).toBe("21.0 µs");
    expect(cell("fair")).toBe("0.99");
    expect(cell("longest wait")).toBe("12.0 ms");
    expect(cell("space")).toBe("384 B");
    expect(cell("FIFO")).toBe("yes");
    expect(columns, "is measured on machines that observe only").not.toContain("RMW/CS");
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

  test("gradingTables measures on a machine that observes what others know by construction", async () => {
    const on = (
      algorithm: string,
      processors: number,
      metric: Metric,
      value: number,
      detail?: string,
    ): Measurement => ({
      ...row(algorithm, processors, metric, value),
      ...{ machine: "symmetry", cores: 30, unit: unitOf(metric, "cycles") },
      ...(detail && { detail }),
    });
    const lock = (algorithm: string, references: number, growth: number, disturbed?: number) => [
      on(algorithm, 8, "passingTime", 412.4),
      on(algorithm, 8, "networkReferences", 3.25),
      on(algorithm, 8, "readModifyWrites", 2),
      on(algorithm, 8, "overtaken", 0),
      on(algorithm, 8, "utilization", 0.456, "bus"),
      on(algorithm, 8, "waitingReferences", references),
      on(algorithm, 8, "waitingGrowth", growth),
      ...(disturbed === undefined ? [] : [on(algorithm, 8, "disturbed", disturbed)]),
    ];
    const rows = [...lock("mcs", 6.9, 0.1, 0.04), ...lock("ticket", 8.5, -0.02, 0.97)];
    rows.push(...lock("mcs-swap", 1.9, 0), ...lock("test-and-set", 60, 2.98));
    rows.push(on("anderson", 8, "unavailable", 1, "fetch_and_increment"));
    const [table] = gradingTables(rows, await readCatalogue());
    expect(table!.title).toBe("Locks on symmetry, times in cycles");
    const cell = (algorithm: string, column: string) =>
      table!.rows.find(([name]) => name === algorithm)![table!.columns.indexOf(column)];
    expect(cell("mcs", "P=8")).toBe("412");
    expect(cell("mcs", "network/CS")).toBe("3.25");
    expect(["mcs", "ticket", "test-and-set"].map((name) => cell(name, "4x as long"))).toEqual(["+10%", "-2%", "+298%"]);
    expect(table!.columns, "has no column of what never happened").not.toContain("updates/CS");
    expect(cell("mcs", "overtaken")).toBe("0%");
    expect(cell("mcs", "busiest link")).toBe("bus 46%");
    expect(["mcs", "ticket", "test-and-set"].map((name) => cell(name, "disturbed"))).toEqual(["4%", "97%", "-"]);
    expect(["mcs", "ticket", "mcs-swap", "test-and-set"].map((name) => cell(name, "spins on"))).toEqual([
      ...["private", "shared", "private", "network"],
    ]);
    expect(table!.rows.find(([name]) => name === "anderson")).toEqual([
      ...["anderson", "not available: needs fetch_and_increment"],
    ]);
  });

  test("gradingTables says nothing of where locks spin when no wait touched the network", async () => {
    const rows = (["waitingReferences", "waitingGrowth", "networkReferences"] as const).map((metric) => ({
      ...row("test-and-set", 8, metric, 0),
      ...{ machine: "server", cores: 56 },
    }));
    const [table] = gradingTables(
      [...rows, { ...rows[0]!, metric: "meanWait", unit: "cycles" }],
      await readCatalogue(),
    );
    expect(table!.columns).toContain("overtaken");
    for (const column of ["network/wait", "spins on", "FIFO"]) expect(table!.columns).not.toContain(column);
  });

  test("gradingTables knows a machine for simulated even if it can run nothing of what was asked for", async () => {
    const lacking = { ...row("mcs", 2, "unavailable", 1), detail: "compare_and_swap" };
    const rows = [row("mcs", 2, "space", 384), lacking].map((each) => ({ ...each, machine: "dash", cores: 64 }));
    const [table] = gradingTables(rows, await readCatalogue());
    expect(table!.title).toBe("Locks on dash, times in cycles");
    expect(table!.rows).toEqual([["mcs", "not available: needs compare_and_swap"]]);
    expect(table!.columns).not.toContain("FIFO");
  });

  test("gradingTables has a policies' table for each load, and one of what reloading takes", async () => {
    const of = (algorithm: string, metric: Metric, value: number, fields: Partial<Measurement>): Measurement => ({
      ...row(algorithm, 8, metric, value),
      ...{ workload: "policy", machine: "symmetry", unit: unitOf(metric, "cycles"), cores: 18 },
      ...fields,
    });
    const tables = gradingTables(
      [
        of("fcfs", "effectiveProcessors", 4.5, { tasks: 32 }),
        of("fcfs", "effectiveProcessors", 4, { tasks: 12 }),
        of("fcfs", "response", 100, { tasks: 12 }),
        of("fcfs", "reload", 900, { tasks: 32 }),
        of("fcfs", "reload", 500, { tasks: 32, intervening: 2 }),
        of("priority(4)", "effectiveProcessors", 5, { tasks: 32 }),
        of("fcfs", "lent", 1, { detail: "compare_and_swap" }),
        of("balance-set", "unavailable", 1, { detail: "tasks of different footprints" }),
        ...[1, 2].map((intervening) =>
          of("fcfs", "reload", 100 * intervening, {
            ...{ processors: 1, tasks: intervening + 1, intervening, footprint: 16384 },
          }),
        ),
      ],
      await readCatalogue(),
    );
    expect(tables.map(({ title }) => title)).toEqual([
      "Scheduling on symmetry, 4 tasks a processor, times in cycles",
      "Scheduling on symmetry, 1.5 tasks a processor, times in cycles",
      "Reloading on symmetry, times in cycles",
    ]);
    const [heavy, light, reloading] = tables;
    const cells = (name: string) => heavy!.rows.find(([first]) => first === name)!;
    const cell = (name: string, column: string) => cells(name)[heavy!.columns.indexOf(column)];
    expect([cell("fcfs", "P=8"), cell("fcfs", "reload"), cell("priority(4)", "P=8")]).toEqual(["4.50", "900", "5.00"]);
    expect(cells("balance-set")).toEqual(["balance-set", "not available: needs tasks of different footprints"]);
    expect(heavy!.note).toContain("lacks compare_and_swap; it was lent them");
    expect(light!.rows.map(([name, value]) => [name, value])).toEqual([["fcfs", "4.00"]]);
    expect([reloading!.columns, reloading!.rows]).toEqual([["footprint", "1", "2"], [["16 KiB", "100", "200"]]]);
  });
});
