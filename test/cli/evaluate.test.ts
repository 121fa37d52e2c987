import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Measurement } from "#dist/index.js";
import { landspout, shell } from "./landspout.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "landspout-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("landspout evaluate", () => {
  test("writes the report and the rows, and prints a table a kind", async () => {
    const report = join(folder, "report");
    const json = join(folder, "rows.json");
    const { code, stdout } = await landspout([
      ...["evaluate", "--only", "mcs,tournament,sloppy", "--processors", "2,1,2", "--seed", "7"],
      ...["--report", report, "--json", json],
    ]);
    expect(code).toBe(0);
    for (const word of ["Locks", "Barriers", "Counters", "mcs", "tournament", "sloppy"]) expect(stdout).toContain(word);
    const rows: Measurement[] = JSON.parse(readFileSync(json, "utf8"));
    expect(readFileSync(join(report, "results.json"), "utf8")).toBe(readFileSync(json, "utf8"));
    expect(readFileSync(join(report, "index.html"), "utf8")).toContain("<!doctype html>");
    expect(readdirSync(report).sort()).toEqual(["index.html", "results.json"]);
    expect(new Set(rows.map((row) => row.workload))).toEqual(new Set(["lock", "barrier", "counter"]));
    expect(new Set(rows.map((row) => row.processors))).toEqual(new Set([1, 2]));
    for (const row of rows) {
      expect(row).toMatchObject({ machine: "native", seed: 7, node: process.versions.node });
      expect(Number.isFinite(row.value), `${row.algorithm} ${row.metric}`).toBe(true);
      expect(row.unit).not.toBe("");
    }
    const repetitions = rows.filter((row) => row.algorithm === "mcs" && row.metric === "latency");
    expect(repetitions.map((row) => row.repetition)).toEqual([0, 1, 2]);
    for (const { value } of repetitions) expect(value).toBeGreaterThan(0);
    const shares = rows.filter((row) => row.metric === "share" && row.processors === 2 && row.repetition === 0);
    expect(shares.reduce((sum, row) => sum + row.value, 0)).toBeCloseTo(1);
  });

  test("prints rows alone on standard output for --json -", async () => {
    const { code, stdout } = await landspout([
      ...["evaluate", "--only", "ticket", "--processors", "1", "--report", join(folder, "report"), "--json", "-"],
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toBeInstanceOf(Array);
  });

  test("passes many times more threads than cores at a fair spin lock without hanging", async () => {
    const { code, stdout } = await landspout([
      ...["evaluate", "--only", "ticket", "--processors", "16", "--report", join(folder, "report")],
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain("P=16");
  });

  test.each([
    [["--only", "lokcs"], /^Cannot evaluate "lokcs": received an unknown algorithm; expected locks, .*mcs/],
    [["--processors", "0"], /^Cannot read --processors: received "0"; expected a whole number from 1 to 1024/],
    [["--processors", "1,1025"], /received "1025"; expected a whole number from 1 to 1024/],
    [["--processors", "two"], /received "two"/],
    [["--processors", ""], /received ""/],
    [["--processors", "1.5"], /received "1.5"/],
    [["--seed", "x"], /^Cannot read --seed: received "x"; expected a whole number from 0 to 4294967295/],
    [["--quick", "--full"], /received both --quick and --full/],
    [["--nonsense"], /unknown option '--nonsense'/],
    [["nonsense"], /too many arguments/],
  ])("refuses %j with one clear error, exit code 2, and writes nothing", async (parameters, message) => {
    const report = join(folder, "report");
    const { code, stdout, stderr } = await landspout(["evaluate", "--report", report, ...parameters]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stdout).toBe("");
    expect(existsSync(report)).toBe(false);
  });

  test.each(["--report", "--json"])("refuses a %s that cannot be written before it measures", async (option) => {
    const file = join(folder, "file");
    writeFileSync(file, "kept");
    const parameters = ["evaluate", "--report", join(folder, "report"), option, join(file, "below", "it")];
    const { code, stderr } = await landspout(parameters);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^Cannot write the .*: received ".*file" \(ENOTDIR\); expected a folder that can be written/,
    );
    expect(readFileSync(file, "utf8")).toBe("kept");
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  test.each([
    [["--json", ""], /^Cannot write the measurements: received an empty name/],
    [["--report", ""], /^Cannot write the report: received an empty name/],
    [["--json", tmpdir()], /^Cannot write the measurements: received the folder ".*"; expected a file/],
    [["--json", "/proc/nowhere/rows.json"], /^Cannot write the measurements: received "\/proc"/],
  ])("refuses %j before it measures", async (parameters, message) => {
    const { code, stderr } = await landspout(["evaluate", "--report", join(folder, "report"), ...parameters]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("ends quietly when nobody reads on", async () => {
    const { code, stderr } = await shell(`"${process.execPath}" dist/cli/main.js list | true`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  test("interrupted, ends at once with exit code 130 and leaves no file", async () => {
    const report = join(folder, "report");
    const { code, stderr } = await landspout(["evaluate", "--full", "--report", report], 2500);
    expect(code).toBe(130);
    expect(stderr).toContain("Interrupted: nothing was written");
    expect(existsSync(report)).toBe(false);
  });
});

describe("landspout", () => {
  test("lists every algorithm with its paper", async () => {
    const { code, stdout } = await landspout(["list"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/mcs-tree +Mellor-Crummey & Scott/);
    expect(stdout).toMatch(/sloppy +Boyd-Wickizer/);
  });

  test("describes one algorithm, and refuses an unknown one", async () => {
    expect((await landspout(["list", "clh"])).stdout).toMatch(/CLH queue lock: [\s\S]*Source: Craig/);
    const { code, stderr } = await landspout(["list", "clhh"]);
    expect(code).toBe(2);
    expect(stderr).toContain('Cannot describe "clhh"');
  });

  test.each([["--help"], ["evaluate", "--help"], ["list", "--help"]])(
    "explains itself: %s %s",
    async (...parameters) => {
      const { code, stdout } = await landspout(parameters);
      expect(code).toBe(0);
      expect(stdout).toContain("Usage: landspout");
    },
  );

  test("refuses an unknown command with exit code 2", async () => {
    expect((await landspout(["evalute"])).code).toBe(2);
  });
});
