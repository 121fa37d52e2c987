import { describe, expect, test } from "vitest";
import { evaluateCalls, MECHANISMS, PROCEDURES } from "#machines/experiments/calls.js";
import { select, type UNITS, unitOf } from "#machines/experiments/measurement.js";
import { findPreset } from "#machines/machines/presets/find.js";
import { loadOperatingSystem } from "#machines/program/operating-systems.js";
import { callTables } from "#machines/report/calls.js";
import { program, programOf } from "../kernel/os/booted.js";

const [kernel, client, server] = await Promise.all([
  loadOperatingSystem("calls"),
  program("calls-client"),
  program("calls-server"),
]);
const options = { kernel, client, server, effort: { few: 5, many: 10 }, seed: 1 };

describe("Calls that are measured", async () => {
  const steps: string[] = [];
  const machines = [findPreset("firefly-cvax")];
  const rows = await evaluateCalls(machines, {
    ...options,
    processors: [1, 2],
    progress: ({ done, total, machine, what }) => steps.push(`${done}/${total} ${machine} ${what}`),
  });
  const of = (machine: string, algorithm: string, metric: keyof typeof UNITS, detail = "Null") =>
    rows.find(
      (row) => row.machine === machine && row.algorithm === algorithm && row.metric === metric && row.detail === detail,
    )!.value;

  test("have rows of all mechanisms and procedures, with their units", () => {
    for (const { name, procedures } of MECHANISMS) {
      for (const procedure of PROCEDURES.slice(0, procedures)) {
        expect(of("firefly-cvax", name, "callCycles", procedure)).toBeGreaterThan(0);
      }
    }
    for (const row of rows) {
      expect(row.workload).toBe("call");
      expect(Number.isFinite(row.value)).toBe(true);
      expect(row.unit).toBe(unitOf(row.metric, "cycles"));
    }
    expect(steps[0]).toMatch(/^0\/\d+ firefly-cvax message, Null$/);
    expect(new Set(steps).size).toBe(steps.length);
  });

  test("have the copies, traps and switches of their mechanism", () => {
    const counts = (mechanism: string) =>
      (["copies", "traps", "switches", "interrupts"] as const).map((metric) =>
        of("firefly-cvax", mechanism, metric, mechanism === "remote ppc" ? "Add" : "BigInOut"),
      );
    expect(counts("message")).toEqual([7, 2, 2, 0]);
    expect(counts("ppc")).toEqual([2, 3, 0, 0]);
    expect(counts("remote ppc")).toEqual([0, 1, 4, 2]);
  });

  test("have parts that together are the call", () => {
    for (const mechanism of ["message", "ppc"]) {
      const parts = rows.filter(
        ({ machine, algorithm, metric, detail }) =>
          machine === "firefly-cvax" && algorithm === mechanism && metric === "phase" && detail!.startsWith("Null: "),
      );
      expect(parts).toHaveLength(5);
      const whole = of("firefly-cvax", mechanism, "callCycles");
      const sum = parts.reduce((total, { value }) => total + value, 0);
      // The client's loop is between two calls.
      expect(sum).toBeLessThanOrEqual(whole);
      expect(sum).toBeGreaterThan(0.9 * whole);
    }
  });

  test("have throughputs, which one lock keeps from rising with the processors", () => {
    const speedup = (algorithm: string) => {
      const [one, two] = [1, 2].map((processors) =>
        select(rows, { machine: "firefly-cvax", algorithm, processors, metric: "throughput" }),
      );
      return two![0]! / one![0]!;
    };
    expect(speedup("ppc")).toBeGreaterThan(1.9);
    expect(speedup("message, one lock")).toBeLessThan(1.6);
  });

  test("are shown in three tables for each machine", () => {
    const tables = callTables(rows, (name) => findPreset(name).processor.megahertz);
    expect(tables.map(({ title }) => title)).toEqual(
      ["firefly-cvax"].flatMap((name) => [
        `Calls on ${name}`,
        `Parts of a Null call on ${name}, in cycles`,
        `Null calls a second on ${name}, by processors`,
      ]),
    );
    for (const { columns, rows: cells } of tables) for (const row of cells) expect(row).toHaveLength(columns.length);
  });

  test("need a machine with a kernel mode", async () => {
    await expect(evaluateCalls([findPreset("symmetry")], options)).rejects.toThrow("kernel mode");
  });

  test("are not measured if answers are wrong", async () => {
    await expect(evaluateCalls(machines, { ...options, server: wrong() })).rejects.toThrow(
      "wrong answers; expected none",
    );
  });
});

/** A server whose procedures do nothing. */
function wrong() {
  return programOf(`(module (import "machine" "trap" (func $trap (param i32 i32 i32 i32 i32) (result i32))) (memory 1)
    (func (export "ppc") (param i32 i32 i32 i32 i32 i32) (result i32) (i32.const 0))
    (func (export "message") (param i32) (result i32)
      (loop $next (drop (call $trap (i32.const 49) (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 0))) (br $next))
      (i32.const 0)))`);
}
