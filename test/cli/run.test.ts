import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import binaryen from "assemblyscript/binaryen";
import { afterAll, describe, expect, test } from "vitest";
import { execute, landspout, type Outcome } from "./landspout.js";

const kernel = fileURLToPath(new URL("../../packages/machines/dist/kernel.wasm", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "landspout-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The file of a module in text. */
function assemble(name: string, text: string): string {
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.All);
  binaryen.setDebugInfo(true);
  const file = join(folder, name);
  writeFileSync(file, module.emitBinary());
  module.dispose();
  return file;
}

const shared = assemble(
  "shared.wasm",
  `(module
    (import "env" "memory" (memory 1 1 shared))
    (import "machine" "processor" (func $processor (result i32)))
    (import "machine" "fail" (func $fail (param i32)))
    (func $add (export "add") (param $times i32) (result i32)
      (loop $again
        (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1)))
        (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
      (call $processor))
    (func $sum (export "sum") (param i32 i64 f32 f64) (result f64)
      (f64.add
        (f64.add (f64.convert_i32_s (local.get 0)) (f64.convert_i64_s (local.get 1)))
        (f64.add (f64.promote_f32 (local.get 2)) (local.get 3))))
    (func $wide (export "wide") (param i64) (result i64) (i64.add (local.get 0) (i64.const 1)))
    (func $deep_inside (unreachable))
    (func $crash (export "crash") (call $deep_inside))
    (func $give_up (export "give_up") (call $fail (i32.const 7)))
    (func $for_ever (export "for_ever") (loop $again (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1))) (br $again))))`,
);
const unshared = assemble(
  "unshared.wasm",
  `(module (memory 1)
    (func (export "count") (result i32)
      (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
      (i32.load (i32.const 0))))`,
);
const own = assemble("own.wasm", `(module (memory (export "memory") 1 1 shared) (func (export "f")))`);
const several = assemble(
  "several.wasm",
  `(module (func (export "pair") (result i32 i64) (i32.const 1) (i64.const -2))
    (func (export "nan") (result f64) (f64.const nan)) (func (export "infinity") (result f32) (f32.const -inf)))`,
);
const foreign = assemble("foreign.wasm", `(module (import "env" "log" (func)) (func (export "f")))`);
const wrong = assemble("wrong.wasm", `(module (import "machine" "clock" (func (result i64))) (func (export "f")))`);
const mute = assemble("mute.wasm", "(module (memory 1))");
const broken = join(folder, "broken.wasm");
writeFileSync(broken, "no module");

interface Output {
  readonly machine: string;
  readonly unit: string;
  readonly results: readonly (number | string | null | readonly (number | string)[])[];
  readonly durations: readonly number[];
  readonly processors?: readonly Record<string, number>[];
  readonly links?: readonly { readonly name: string; readonly transactions: number }[];
}

async function runJson(...parameters: readonly string[]): Promise<Output> {
  return outputOf(await execute(["run", ...parameters, "--json"]));
}

function outputOf({ code, stdout, stderr }: Outcome): Output {
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

describe("landspout run", () => {
  test("runs any module on this computer, and brings back what every processor returned", async () => {
    const parameters = ["run", shared, "--entry", "add", "--processors", "3", "--arguments", "10", "--json"];
    const run = outputOf(await landspout(parameters));
    expect(run).toMatchObject({ machine: "native", unit: "ns", results: [0, 1, 2] });
    expect(run).not.toHaveProperty("links");
    for (const duration of run.durations) expect(duration).toBeGreaterThan(0);
  });

  test("runs the same module on a simulated machine, and brings back what references did", async () => {
    const parameters = [shared, "--entry", "add", "--processors", "3", "--arguments", "10", "--machine", "dash"];
    const run = await runJson(...parameters);
    expect(run).toMatchObject({ machine: "dash", unit: "cycles", results: [0, 1, 2] });
    expect(run.processors!.map(({ readModifyWrites }) => readModifyWrites)).toEqual([10, 10, 10]);
    expect(run.links!.length).toBeGreaterThan(0);
    expect(await runJson(...parameters), "is deterministic").toEqual(run);
    expect(await runJson(...parameters, "--seed", "9"), "is a function of the seed").not.toEqual(run);
  });

  test("prints a row a processor, their sum, and the links with their queueing", async () => {
    const parameters = [
      "run",
      shared,
      "--entry",
      "add",
      "--processors",
      "2",
      "--arguments",
      "5",
      "--machine",
      "symmetry",
    ];
    // Symmetry's locked add returns nothing, and this one's result is dropped.
    const { code, stdout } = await landspout(parameters);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^add of .*shared.wasm on symmetry, 2 processors: \d+ cycles, .* µs$/m);
    expect(stdout).toMatch(/^Processors of symmetry$/m);
    for (const processor of ["0", "1", "all"]) expect(stdout).toMatch(new RegExp(`^${processor} `, "m"));
    expect(stdout).toMatch(/^link +transactions +held +of the time +mean queueing +longest$/m);
    expect(stdout).toMatch(/^bus +\d+ /m);
  });

  test.each(["native", "dash"])("reads arguments by the parameters' types on %s", async (machine) => {
    const on = ["--machine", machine];
    expect((await runJson(shared, "--entry", "sum", "--arguments", "-1", "0x10", "0.5", "1e3", ...on)).results).toEqual(
      [1015.5],
    );
    const wide = await runJson(shared, "--entry", "wide", "--arguments", "9007199254740993", ...on);
    expect(wide.results).toEqual(["9007199254740994"]);
    expect((await runJson(unshared, "--entry", "count", ...on)).results).toEqual([1]);
  });

  test.each(["native", "dash"])("prints what JSON has no numbers for, and several results, on %s", async (machine) => {
    for (const [entry, result] of [
      ["pair", [1, "-2"]],
      ["nan", "NaN"],
      ["infinity", "-Infinity"],
    ] as const) {
      expect((await runJson(several, "--entry", entry, "--machine", machine)).results).toEqual([result]);
    }
  });

  test("runs entries of the kernel, too", async () => {
    for (const machine of ["cluster", "this-computer"]) {
      // In processes of their own: measuring this computer compiles the kernel in another way.
      const parameters = ["--entry", "probe_instructions", "--arguments", "8000", "--machine", machine, "--json"];
      const run = outputOf(await landspout(["run", kernel, ...parameters]));
      expect(run.processors![0]!.instructions).toBeGreaterThan(8000);
    }
  });

  test.each([
    [[broken, "--entry", "add"], /^Cannot load broken\.wasm: received no WebAssembly module/],
    [[join(folder, "none.wasm"), "--entry", "add"], /^Cannot load none\.wasm: ENOENT/],
    [[shared], /required option '--entry <NAME>' not specified/],
    [
      [shared, "--entry", "ad"],
      /^Cannot run ad of .*: received no function "ad".*; expected one of add, crash, for_ever, give_up, sum, wide$/m,
    ],
    [[mute, "--entry", "add"], /received no function "add" .*; expected a module that exports some$/m],
    [[foreign, "--entry", "f"], /^Cannot run foreign\.wasm: received an import of env\.log; expected machine instruc/],
    [[wrong, "--entry", "f"], /received an import of machine\.clock as \(\) -> \(i64\); expected \(\) -> \(f64\)$/m],
    [[shared, "--entry", "add", "--machine", "nowhere"], /^Cannot find machine "nowhere"/],
    [
      [unshared, "--entry", "count", "--processors", "2"],
      /received a module with a memory that is not shared, and 2 processors/,
    ],
    [
      [own, "--entry", "f", "--processors", "2"],
      /received a module with a shared memory of its own, .*; expected one that imports/,
    ],
    [[shared, "--entry", "add"], /^Cannot run add: received 0 arguments; expected 1 \(i32\)/],
    [
      [shared, "--entry", "for_ever", "--arguments", "1", "2"],
      /^Cannot run for_ever: received 2 arguments; expected 0/,
    ],
    [[shared, "--entry", "add", "--arguments", "x"], /received "x" as argument 1; expected a whole number of 32 bits/],
    [[shared, "--entry", "add", "--arguments", "4294967296"], /received "4294967296" as argument 1/],
    [
      [shared, "--entry", "add", "--processors", "1025"],
      /^Cannot read --processors: .* from 1 to 1024, the most of native$/m,
    ],
    [[shared, "--entry", "add", "--processors", "19", "--machine", "symmetry"], /from 1 to 18, the most of symmetry$/m],
    [
      [kernel, "--entry", "ticket_acquire", "--arguments", "64", "0", "--machine", "symmetry"],
      /^Cannot run ticket_acquire of .* on symmetry: received a program that needs fetch_and_increment; expected one that does without, or a machine that has it: native, .*butterfly, .*server/,
    ],
    [
      [kernel, "--entry", "ticket_acquire", "--arguments", "64", "0", "--machine", "cluster", "--processors", "2"],
      /on cluster: received a program that needs shared memory/,
    ],
    [[shared, "--entry", "for_ever", "--cycles", "100"], /^Cannot run on native: received --cycles/],
  ])("refuses %j with one clear error and exit code 2", async (parameters, message) => {
    const { code, stdout, stderr } = await execute(["run", ...parameters]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test.each(["native", "dash"])("says where a processor of %s failed, exit code 1", async (machine) => {
    const on = ["--machine", machine];
    const crash = await execute(["run", shared, "--entry", "crash", ...on]);
    expect(crash.code).toBe(1);
    expect(crash.stderr).toMatch(/^Cannot run crash of .*: .*unreachable/);
    expect(crash.stderr).toContain("deep_inside");
    const failed = await landspout(["run", shared, "--entry", "give_up", "--processors", "2", ...on]);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/failed: (Error: The program failed: 7|fail\(7\) in give_up)/);
  });

  test.each(["native", "dash"])("gives the source line where %s can know it", async (machine) => {
    const parameters = ["run", kernel, "--entry", "ticket_acquire", "--arguments", "66", "0", "--machine", machine];
    const { code, stderr } = await execute(parameters);
    expect(code).toBe(1);
    expect(stderr).toMatch(/kernel\/locks\/ticket\/acquire \(kernel\/atomics\.ts:\d+\)/);
  });

  test("stops an endless program after --cycles and says what each processor was doing", async () => {
    const parameters = ["run", shared, "--entry", "for_ever", "--processors", "2", "--machine", "dash"];
    const { code, stderr } = await execute([...parameters, "--cycles", "100000"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/100000 cycles/);
    expect(stderr.match(/for_ever/g)!.length).toBeGreaterThanOrEqual(2);
  });

  test("interrupted, ends with exit code 130", async () => {
    const parameters = ["run", shared, "--entry", "for_ever", "--machine", "dash", "--processors", "2"];
    const { code, stderr } = await landspout(parameters, { after: 300 });
    expect(code).toBe(130);
    expect(stderr).toContain("Interrupted");
  });

  test("prints of a trap on this computer the program's own frames, and of a missing entry none", async () => {
    const { code, stdout, stderr } = await execute(["run", shared, "--entry", "crash"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    const [message, again, ...frames] = stderr.trimEnd().split("\n");
    expect(message).toBe("Cannot run crash of shared.wasm: processor 0 failed: RuntimeError: unreachable");
    expect(again).toBe("RuntimeError: unreachable");
    expect(frames.map((frame) => /^ {4}at (\S+) \(wasm:/.exec(frame)?.[1])).toEqual(
      ["deep_inside", "crash"].map((name) => expect.stringContaining(name)),
    );
  });
});
