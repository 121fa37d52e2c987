import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { execute, landspout, shell } from "./landspout.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "landspout-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const CACHE = ["--size", "64", "--ways", "2", "--line", "16"];
const TRACE = "0 w 0x10\n1 r 0x18\n1 w 0x10\n";

function write(name: string, contents: string | Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, contents);
  return file;
}

describe("landspout trace", () => {
  test("prints each processor's counters and nothing else for --json", async () => {
    const parameters = ["trace", write("t", TRACE), "--processors", "2", "--protocol", "mesi", ...CACHE, "--json"];
    const { code, stdout, stderr } = await landspout(parameters);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const none = {
      busReadExclusive: 0,
      busUpgrades: 0,
      busUpdates: 0,
      memoryTransactions: 0,
      cacheToCacheTransfers: 0,
    };
    const still = { writeBacks: 0, interventions: 0, invalidations: 0, flushes: 0 };
    expect(JSON.parse(stdout)).toEqual({
      processors: [
        {
          ...{ ...none, reads: 0, readMisses: 0, writes: 1, writeMisses: 1, busReadExclusive: 1 },
          // From memory, then the flush at the other's read; lost at the other's write.
          ...{ writeBacks: 1, flushes: 1, memoryTransactions: 2, interventions: 1, invalidations: 1 },
        },
        {
          ...{ ...none, ...still, reads: 1, readMisses: 1, writes: 1, writeMisses: 0 },
          ...{ cacheToCacheTransfers: 1, busUpgrades: 1 },
        },
      ],
    });
  });

  test("counts the changes of states with --transitions, as a table and for programs", async () => {
    const parameters = ["trace", write("t", `# two\n${TRACE}`), "--processors", "2", "--protocol", "mesi", ...CACHE];
    const { stdout } = await execute([...parameters, "--transitions"]);
    const lines = stdout.slice(stdout.indexOf("Changes of lines' states")).split("\n");
    expect(lines.find((line) => line.startsWith("processor"))!.split(/ +/)).toEqual([
      "processor",
      "I>M",
      "I>S",
      "M>S",
      "S>I",
      "S>M",
    ]);
    const rows = lines.filter((line) => /^(0|1|all) /.test(line)).map((line) => line.split(/ +/));
    expect(rows).toEqual([
      ["0", "1", "0", "1", "1", "0"],
      ["1", "0", "1", "0", "0", "1"],
      ["all", "1", "1", "1", "1", "1"],
    ]);
    const json = JSON.parse((await execute([...parameters, "--transitions", "--json"])).stdout);
    expect(json.processors.map(({ transitions }: { transitions: object }) => transitions)).toEqual([
      { "I>M": 1, "M>S": 1, "S>I": 1 },
      { "I>S": 1, "S>M": 1 },
    ]);
  });

  test("prints a table with a row a processor and their sum", async () => {
    const parameters = ["trace", write("t", TRACE), "--processors", "2", "--protocol", "dragon", ...CACHE];
    const { code, stdout } = await execute(parameters);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^dragon: 2 caches of 64 bytes, 2-way, 16 bytes a line\n/);
    const table = stdout.split("\n").filter((line) => /^(0|1|all) /.test(line));
    expect(table.slice(0, 3).map((line) => line.split(/ +/).slice(1, 5))).toEqual([
      ["0", "0", "1", "1"],
      ["1", "1", "1", "0"],
      ["1", "1", "2", "1"],
    ]);
    for (const words of ["dirty evictions", "cache to cache", "interventions", "updates"])
      expect(stdout).toContain(words);
  });

  test.each(["msi", "mesi", "moesi", "firefly", "dragon"])("replays by %s", async (protocol) => {
    const parameters = ["trace", write("t", TRACE), "--processors", "2", "--protocol", protocol, ...CACHE, "--json"];
    expect((await execute(parameters)).code).toBe(0);
  });

  test("reads a folder, gzip and standard input alike", async () => {
    const traces = join(folder, "traces");
    mkdirSync(traces);
    // In turns: 0 w 10, 1 r 18, 0 none, 1 w 10.
    write("traces/p0.trace", "w 10\n");
    write("traces/p1.trace.gz", gzipSync("r 18\nw 10\n"));
    const options = ["--processors", "2", "--protocol", "moesi", ...CACHE, "--json"];
    const { stdout } = await execute(["trace", write("t", TRACE), ...options]);
    expect((await execute(["trace", traces, ...options])).stdout).toBe(stdout);
    const packed = write("packed", gzipSync(TRACE));
    expect((await execute(["trace", packed, ...options])).stdout).toBe(stdout);
    const command = `"${process.execPath}" packages/machines/dist/cli/main.js trace /dev/stdin ${options.join(" ")}`;
    expect((await shell(`cat ${packed} | ${command}`)).stdout).toBe(stdout);
  });

  const options = (changes: Record<string, string>) =>
    Object.entries({ processors: "2", protocol: "msi", size: "64", ways: "2", line: "16", ...changes }).flatMap(
      ([name, value]) => [`--${name}`, value],
    );

  test.each([
    [{ processors: "0" }, /^Cannot read --processors: received "0"; expected a whole number from 1 to 1024/],
    [{ processors: "x" }, /received "x"/],
    [
      { protocol: "mesl" },
      /^Cannot read --protocol: received "mesl"; expected one of msi, msi-upgrade, mosi, mesi, mesif, moesi, moesif, firefly, dragon/,
    ],
    [{ size: "1K" }, /^Cannot read --size: received "1K"/],
    [{ size: "48" }, /^Cannot make a cache: received size 48; expected a power of two/],
    [{ line: "128" }, /^Cannot make a cache: received line 128; expected a power of two from 1 to 64 bytes/],
    [{ ways: "3" }, /^Cannot make a cache: received ways 3; expected a power of two from 1 to 4 lines/],
    [{ ways: "8" }, /received ways 8/],
    [{ processors: "1024", size: "1073741824" }, /^Cannot make a bus: received 68719476736 lines/],
  ])("refuses %j with one clear error and exit code 2", async (changes, message) => {
    const { code, stdout, stderr } = await execute(["trace", write("t", TRACE), ...options(changes)]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test("names the line of a malformed entry, exit code 2, and prints no counters", async () => {
    const file = write("t", `${TRACE}2 r 10\n`);
    const { code, stdout, stderr } = await execute(["trace", file, ...options({}), "--json"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe(
      `Cannot read ${file}: line 4: received "2 r 10"; expected "processor r|w hexaddress" with processor 0 to 1\n`,
    );
  });

  test.each([
    [["none", ...options({})], /^Cannot read none: received ENOENT; expected a trace file or a folder of them\n$/],
    [options({}), /missing required argument/],
    [
      ["none"],
      /^Cannot replay none: received no --processors, --protocol, --size, --ways, --line; expected, for instance, --/,
    ],
    [
      ["none", "--protocol", "mesi", "--size", "64"],
      /^Cannot replay none: received no --processors, --ways, --line; expected/,
    ],
  ])("refuses trace %j with one line", async (parameters, message) => {
    const { code, stderr } = await execute(["trace", ...parameters]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test("interrupted, ends with exit code 130 and prints no counters", async () => {
    // A pipe that never ends, interrupted once much of it was read. Only the command reads it, so that the pipe breaks if it fails.
    const command = `"${process.execPath}" packages/machines/dist/cli/main.js trace /dev/stdin ${options({}).join(" ")}`;
    const started = join(folder, "started");
    const { stdout, stderr } = await shell(
      `{ yes "0 r 10" | head -n 300000; touch ${started}; yes "0 r 10"; } | ` +
        `{ exec 3<&0 </dev/null; ${command} <&3 & p=$!; exec 3<&-; until [ -e ${started} ]; do sleep 0.1; done; kill -INT $p; wait $p; echo "exit $?"; }`,
    );
    expect(stdout).toBe("exit 130\n");
    expect(stderr).toContain("Interrupted");
  });

  test("interrupted while a pipe says nothing, ends all the same", async () => {
    const command = `"${process.execPath}" packages/machines/dist/cli/main.js trace /dev/stdin ${options({}).join(" ")}`;
    const started = join(folder, "started");
    const { stdout } = await shell(
      `{ yes "0 r 10" | head -n 300000; touch ${started}; sleep 100 & echo $! > ${started}; wait; } | ` +
        `{ exec 3<&0 </dev/null; ${command} <&3 & p=$!; exec 3<&-; until [ -s ${started} ]; do sleep 0.1; done; kill -INT $p; wait $p; ` +
        `echo "exit $?"; kill $(cat ${started}); }`,
    );
    expect(stdout).toBe("exit 130\n");
  });
});
