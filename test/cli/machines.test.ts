import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PRESETS } from "#machines/machines/presets/index.js";
import { describeComputer } from "#machines/machines/presets/this-computer.js";
import { execute, landspout } from "./landspout.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "landspout-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("landspout machines", () => {
  test("lists every machine in a row of its own", async () => {
    const { code, stdout, stderr } = await landspout(["machines"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const rows = new Map(stdout.split("\n").map((line) => [line.split(" ")[0], line.split(/ {2,}/)]));
    for (const { name, title, processor } of PRESETS) {
      expect(rows.get(name)).toEqual(expect.arrayContaining([String(processor.maximum), title]));
    }
    expect(rows.get("symmetry")).toEqual(["symmetry", "18", "16", "bus", "mesi", "bus", "Sequent Symmetry Model B"]);
    expect(rows.get("butterfly")).toEqual([
      "butterfly",
      "84",
      "8",
      "distributed",
      "none",
      "butterfly",
      "BBN Butterfly 1",
    ]);
  });

  test("says on which machines kernels boot", async () => {
    const names = PRESETS.filter(({ privileged }) => privileged !== undefined).map(({ name }) => name);
    expect(names).toContain("numachine");
    const { stdout } = await execute(["machines"]);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(`Kernels boot on ${names.join(", ")}. `);
  });

  test("lists this computer without measuring it, with the architecture that it gets", async () => {
    const row = (await execute(["machines"])).stdout.split("\n").find((line) => line.startsWith("this-computer"));
    const figures = { instruction: 1, hit: 2, miss: 99, readModifyWrite: 9, pause: 50, wake: 9999 };
    const { architecture } = describeComputer({ cpu: "a chip", cores: 2, conditions: "once", ...figures });
    if (architecture.kind !== "dance hall") throw new Error(`received ${architecture.kind}`);
    expect(row?.split(/ {2,}/)).toEqual([
      "this-computer",
      "-",
      "-",
      architecture.kind,
      architecture.coherence?.cache.protocol,
      architecture.network.kind,
      "This computer, measured when it is asked for",
    ]);
  });

  test("calibrates this computer, and takes the calibration back from a file", async () => {
    const printed = await landspout(["machines", "this-computer", "--json"]);
    expect({ code: printed.code, stderr: printed.stderr }).toEqual({ code: 0, stderr: "" });
    const file = join(folder, "computer.json");
    writeFileSync(file, printed.stdout);
    expect((await execute(["machines", file, "--json"])).stdout).toBe(printed.stdout);
    const { stdout } = await execute(["machines", file]);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("on more processors than that, up to");
  });

  test("explains a machine: its figures in cycles and time, its base costs as sums, its sources", async () => {
    const { code, stdout } = await execute(["machines", "numachine"]);
    expect(code).toBe(0);
    const text = stdout.replaceAll(/\s+/g, " ");
    for (const part of [
      "numachine: NUMAchine, as Tornado had it",
      "150 MHz, 6.67 ns a cycle",
      "line 128 bytes",
      "1024 KiB associativity direct-mapped",
      "4 nodes, each with a part of the memory",
      "an owner's answer to the requester: 3 hops",
      "read, own memory 270 cycles, 1.80 µs = node bus 64 + memory 206",
      "read, remote memory 370 cycles, 2.47 µs = node bus 128 + interfaces 20 + network 16 + memory 206",
      "OSDI 1999",
    ]) {
      expect(text).toContain(part);
    }
  });

  test.each([
    [
      "firefly-cvax",
      [
        "from a trap to the handler's first instruction 112 cycles, 8.96 µs",
        "from the kernel's call to the program's first instruction 113 cycles, 9.04 µs",
        "page 512 bytes TLB 28 entries, fully associative an entry maps one page all entries map 14 KiB",
        "replaced any entry but the last used, at random",
        "a translation that the TLB lacks read by the processor, from two tables in memory",
        "a reading takes, beyond its two loads 11 cycles, 880 ns",
        "spaces one: a change drops all translations but global ones set_space 171 cycles",
        "the kernel's own addresses take entries of the TLB, too the kernel's misses, which the processor answers 11 cyc",
        "its way to the other processor 12 cycles, 960 ns",
        "disk, a seek over all tracks 625000 cycles, 50.0 ms",
      ],
    ],
    [
      "numachine",
      [
        "page 4 KiB TLB 48 entries, fully associative an entry maps an even page and the odd one after it",
        "all entries map 384 KiB replaced any entry, at random",
        "a translation that the TLB lacks written by the kernel, which a trap enters",
        "spaces 256, told apart by tags set_space 5 cycles",
        "the kernel's own addresses are physical, without translations write_translation 6 cycles",
        "disk, a track 64 KiB console 15000 cycles, 100 µs",
      ],
    ],
    ["opteron", ["TLB 512 entries, 4 ways", "replaced the least recently used entry"]],
  ])("explains what %s has for kernels", async (name, parts) => {
    const text = (await execute(["machines", name])).stdout.replaceAll(/\s+/g, " ");
    for (const part of parts) expect(text).toContain(part);
  });

  test("says nothing of kernels where there is no kernel mode", async () => {
    expect((await execute(["machines", "dash"])).stdout).not.toMatch(/kernel|TLB/i);
  });

  test.each(PRESETS.map(({ name }) => name))("explains %s in lines that fit", async (name) => {
    const { code, stdout } = await execute(["machines", name]);
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/undefined|NaN|Infinity/);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
  });

  test("prints for --json what it takes back from a file", { tags: "long" }, async () => {
    const printed = await execute(["machines", "dash", "--json"]);
    expect(JSON.parse(printed.stdout)).toEqual(PRESETS.find(({ name }) => name === "dash"));
    const file = join(folder, "dash.json");
    writeFileSync(file, printed.stdout);
    expect(await execute(["machines", file, "--json"])).toEqual(printed);
    expect((await execute(["machines", file])).stdout).toBe((await execute(["machines", "dash"])).stdout);
  });

  test("prints all descriptions for --json without a name", async () => {
    expect(JSON.parse((await execute(["machines", "--json"])).stdout)).toEqual(PRESETS);
  });

  test("refuses an unknown machine and a wrong file with one line and exit code 2", async () => {
    const file = join(folder, "wrong.json");
    writeFileSync(file, "{}");
    for (const [name, message] of [
      ["cray", /^Cannot find machine "cray": received an unknown name; expected one of symmetry, .*\n$/],
      [file, /^Cannot read machine .*wrong\.json: name: received nothing; expected lower-case letters, .*\n$/],
    ] as const) {
      const { code, stdout, stderr } = await execute(["machines", name]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(message);
      expect(stderr.trim().split("\n")).toHaveLength(1);
    }
  });
});
