import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Measurement } from "#machines/index.js";
import { execute, landspout, shell } from "./landspout.js";

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
      ...["evaluate", "--machine", "native", "--only", "mcs,tournament,sloppy", "--processors", "2,1,2", "--seed", "7"],
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

  test("measures calls between domains on machines with a kernel mode", async () => {
    const json = join(folder, "rows.json");
    const { code, stdout } = await execute([
      ...["evaluate", "--only", "calls", "--machine", "opteron", "--processors", "1", "--json", json],
    ]);
    expect(code).toBe(0);
    for (const word of ["Calls on opteron", "message: BigInOut", "remote ppc: Add", "Null calls a second"]) {
      expect(stdout).toContain(word);
    }
    const rows: Measurement[] = JSON.parse(readFileSync(json, "utf8"));
    expect(new Set(rows.map(({ workload, machine }) => `${workload} ${machine}`))).toEqual(new Set(["call opteron"]));
  });

  test("measures calls between domains that are instances on this computer", async () => {
    const json = join(folder, "native.json");
    const { code, stdout } = await execute(["evaluate", "--only", "calls", "--machine", "native", "--json", json]);
    expect(code).toBe(0);
    for (const word of ["Calls on native", "checked binding: Null", "lrpc: BigInOut", "message, sleeping: Null"]) {
      expect(stdout).toContain(word);
    }
    const rows: Measurement[] = JSON.parse(readFileSync(json, "utf8"));
    expect(new Set(rows.map(({ workload, machine }) => `${workload} ${machine}`))).toEqual(new Set(["call native"]));
  });

  test("evaluates on several machines and keeps them apart", { tags: "long" }, async () => {
    const report = join(folder, "report");
    const { code, stdout } = await execute([
      ...["evaluate", "--machine", "native,symmetry,cluster", "--only", "ticket,test-and-set,barriers"],
      ...["--processors", "2,4", "--report", report],
    ]);
    expect(code).toBe(0);
    const titles = stdout.match(/^\w+ on \w+.*$/gm);
    expect(titles).toEqual([
      ...["Locks on native", "Barriers on native"],
      ...["Locks on symmetry, times in cycles", "Barriers on symmetry, times in cycles"],
      "Barriers on cluster, times in cycles",
    ]);
    expect(stdout).toMatch(/^ticket +not available: needs fetch_and_increment$/m);
    const rows: Measurement[] = JSON.parse(readFileSync(join(report, "results.json"), "utf8"));
    const of = (machine: string) => rows.filter((row) => row.machine === machine);
    expect(new Set(of("native").map((row) => row.repetition))).toEqual(new Set([0, 1, 2]));
    expect(new Set(of("symmetry").map((row) => row.repetition))).toEqual(new Set([0]));
    for (const row of of("symmetry")) expect(row.unit).not.toBe("ns");
    const waiting = of("symmetry").filter(
      ({ algorithm, metric }) => algorithm === "test-and-set" && metric === "waitingGrowth",
    );
    expect(waiting.map((row) => row.processors)).toEqual([2, 4]);
    expect(new Set(of("cluster").map((row) => row.algorithm))).toEqual(
      new Set(["dissemination-messages", "tournament-messages"]),
    );
  });

  test("prints the same rows of a simulated machine each time", { tags: "long" }, async () => {
    const rows = async (command: typeof execute) => {
      const { stdout } = await command([
        ...["evaluate", "--machine", "dash", "--only", "clh", "--processors", "3", "--seed", "5", "--json", "-"],
        ...["--report", join(folder, "report")],
      ]);
      return (JSON.parse(stdout) as Measurement[]).map(({ load: _, ...row }) => row);
    };
    expect(await rows(execute)).toEqual(await rows(landspout));
  });

  test("prints rows alone on standard output for --json -", async () => {
    const { code, stdout } = await execute([
      ...["evaluate", "--machine", "native", "--only", "ticket", "--processors", "1", "--json", "-"],
      ...["--report", join(folder, "report")],
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toBeInstanceOf(Array);
  });

  test("measures policies where they are asked for, and only there", async () => {
    const measured = async (...only: string[]) => {
      const folders = ["--report", join(folder, "report"), "--processors", "1", "--json", "-"];
      const { stdout } = await execute(["evaluate", "--machine", "ultracomputer", ...only, ...folders]);
      return new Set(
        (JSON.parse(stdout) as Measurement[]).map(({ workload, algorithm }) => `${workload} ${algorithm}`),
      );
    };
    expect([...(await measured("--only", "fixed-processor,shared"))].sort()).toEqual([
      "counter shared",
      "policy fixed-processor",
    ]);
    expect([...(await measured())].filter((name) => name.startsWith("policy"))).toEqual([]);
  });

  test("passes many times more threads than cores at a fair spin lock without hanging", { tags: "long" }, async () => {
    const { code, stdout } = await execute([
      ...["evaluate", "--machine", "native", "--only", "ticket", "--processors", "16"],
      ...["--report", join(folder, "report")],
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain("P=16");
  });

  test.each([
    [["--only", "lokcs"], /^Cannot evaluate "lokcs": received an unknown algorithm; expected locks, .*mcs/],
    [
      ["--machine", "native,symmetry", "--only", "mcs,tournament-messages"],
      /^Cannot evaluate "tournament-messages" on native, symmetry: received .* messages; expected .* shared memory$/m,
    ],
    [
      ["--machine", "cluster", "--only", "mcs"],
      /^Cannot evaluate "mcs" on cluster: received .* shared memory; expected .* messages$/m,
    ],
    [
      ["--machine", "native", "--processors", "0"],
      /^Cannot read --processors: received "0"; expected a whole number from 1 to 1024, the most of native$/m,
    ],
    [["--machine", "native", "--processors", "1,1025"], /received "1025"; expected a whole number from 1 to 1024/],
    [
      ["--processors", "19"],
      /^Cannot read --processors: received "19"; expected .* from 1 to 18, the most of symmetry$/m,
    ],
    [
      ["--machine", "nowhere"],
      /^Cannot find machine "nowhere": received an unknown name; expected one of .*symmetry.*, or native$/m,
    ],
    [["--machine", "dash,native,dash"], /^Cannot evaluate on "dash,native,dash": received dash twice/],
    [["--processors", "two"], /received "two"/],
    [["--processors", ""], /received ""/],
    [["--processors", "1.5"], /received "1.5"/],
    [["--seed", "x"], /^Cannot read --seed: received "x"; expected a whole number from 0 to 4294967295/],
    [["--quick", "--full"], /received both --quick and --full/],
    [
      ["--json", "missing/folder/rows.json"],
      /^Cannot write the measurements: received the folder ".*missing.folder"; expected one/,
    ],
    [["--nonsense"], /unknown option '--nonsense'/],
    [["nonsense"], /too many arguments/],
    [
      ["--only", "calls", "--machine", "symmetry"],
      /^Cannot evaluate calls on symmetry: received a machine without a kernel mode; expected one of firefly-cvax, .+native$/m,
    ],
    [["--only", "calls", "--machine", "firefly,firefly-cvax"], /^Cannot evaluate .*: received firefly-cvax twice/],
    [["--only", "calls", "--machine", "native,native"], /^Cannot evaluate .*: received native twice/],
    [
      ["--only", "calls", "--machine", "native,numachine", "--processors", "2"],
      /^Cannot evaluate calls on native: received --processors 2; expected none/,
    ],
    [["--only", "calls,locks"], /^Cannot evaluate "calls,locks": received calls and others; expected calls alone/],
    [["--only", "calls", "--processors", "17"], /^Cannot .*17.*expected .*firefly-cvax/],
  ])("refuses %j with one clear error, exit code 2, and writes nothing", async (parameters, message) => {
    const report = join(folder, "report");
    const { code, stdout, stderr } = await execute(["evaluate", "--report", report, ...parameters]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stdout).toBe("");
    expect(existsSync(report)).toBe(false);
  });

  test("refuses a machine's file that has a wrong field, naming it, or the name of this computer", async () => {
    const { stdout } = await execute(["machines", "dash", "--json"]);
    const file = join(folder, "machine.json");
    for (const [text, message] of [
      [
        stdout.replace('"hop": 2', '"hop": -2'),
        /machine\.json: architecture\.network\.hop: received -2; expected .*cycles\n$/,
      ],
      [
        stdout.replace('"name": "dash"', '"name": "native"'),
        /machine\.json: name: received "native"; expected another name/,
      ],
    ] as const) {
      writeFileSync(file, text);
      const { code, stderr } = await execute(["evaluate", "--machine", file, "--report", join(folder, "report")]);
      expect(code).toBe(2);
      expect(stderr).toMatch(message);
      expect(readdirSync(folder)).toEqual(["machine.json"]);
    }
  });

  test.each(["--report", "--json"])("refuses a %s that cannot be written before it measures", async (option) => {
    const file = join(folder, "file");
    writeFileSync(file, "kept");
    const parameters = ["evaluate", "--report", join(folder, "report"), option, join(file, "below", "it")];
    const { code, stderr } = await execute(parameters);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      option === "--json"
        ? /^Cannot write the measurements: received the folder ".*below"; expected one that is there/
        : /^Cannot write the report: received ".*file" \(ENOTDIR\); expected a folder that can be written/,
    );
    expect(readFileSync(file, "utf8")).toBe("kept");
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  test.each([
    [["--json", ""], /^Cannot write the measurements: received an empty name/],
    [["--report", ""], /^Cannot write the report: received an empty name/],
    [["--json", tmpdir()], /^Cannot write the measurements: received the folder ".*"; expected a file/],
    [
      ["--json", "/proc/nowhere/rows.json"],
      /^Cannot write the measurements: received the folder "\/proc\/nowhere"; expected one/,
    ],
    [["--json", "/proc/rows.json"], /^Cannot write the measurements: received "\/proc"/],
  ])("refuses %j before it measures", async (parameters, message) => {
    const { code, stderr } = await execute(["evaluate", "--report", join(folder, "report"), ...parameters]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.skipIf(!existsSync("/dev/full"))("says in one line that standard output takes no more, and fails", async () => {
    const { code, stderr } = await shell(`"${process.execPath}" packages/machines/dist/cli/main.js list > /dev/full`);
    expect(code).toBe(1);
    expect(stderr).toBe("Cannot write to standard output: received ENOSPC; expected that it takes what is printed\n");
  });

  test("ends quietly when nobody reads on", async () => {
    const { stderr } = await shell(
      `{ "${process.execPath}" packages/machines/dist/cli/main.js list; echo "exit $?" >&2; } | true`,
    );
    expect(stderr).toBe("exit 0\n");
  });

  test("interrupted, ends at once with exit code 130 and leaves no file", async () => {
    const report = join(folder, "report");
    const { code, stderr } = await landspout(["evaluate", "--full", "--report", report], { after: 300 });
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
    expect(stdout).toMatch(/^scheduling\n {2}balance-set +Fedorova, Seltzer/m);
    expect(stdout.match(/^ +\S+-messages .*\(by messages\)$/gm)).toHaveLength(2);
  });

  test("describes one algorithm, and refuses an unknown one", async () => {
    expect((await execute(["list", "clh"])).stdout).toMatch(/CLH queue lock: [\s\S]*Source: Craig/);
    expect((await execute(["list", "dissemination-messages"])).stdout).toMatch(/\nCommunicates by: messages\n$/);
    const { stdout } = await execute(["list", "limited-minimum-intervening"]);
    expect(stdout).toMatch(/\nParameter: processors remembered: 2, 4, 8\n$/);
    const { code, stderr } = await execute(["list", "clhh"]);
    expect(code).toBe(2);
    expect(stderr).toContain('Cannot describe "clhh"');
  });

  test.each([["--help"], ["evaluate", "--help"], ["list", "--help"]])(
    "explains itself: %s %s",
    async (...parameters) => {
      const { code, stdout } = await execute(parameters);
      expect(code).toBe(0);
      expect(stdout).toContain("Usage: landspout");
    },
  );

  test("refuses an unknown command with exit code 2", async () => {
    expect((await landspout(["evalute"])).code).toBe(2);
  });
});
