import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { assemble } from "../program/assemble.js";
import { execute, landspout } from "./landspout.js";

const folder = mkdtempSync(join(tmpdir(), "landspout-boot-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, assemble(text));
  return file;
}

/** What every kernel here has, and a body of `boot`, which processor 0 alone executes; the others are idle. */
const kernelOf = (boot: string, memory = "1 1024", handlers = HANDLERS) => `(module
  (import "env" "memory" (memory ${memory} shared))
  (import "machine" "processor" (func $processor (result i32)))
  (import "machine" "io" (func $io (param i32 i32 i32 i32) (result i32)))
  (import "machine" "idle" (func $idle))
  (import "machine" "create_instance" (func $create_instance (param i32 i32) (result i32)))
  (import "machine" "call" (func $call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "machine" "write_translation" (func $write_translation (param i32 i32 i32)))
  (import "machine" "enable_interrupts" (func $enable_interrupts (param i32) (result i32)))
  (data (i32.const 64) "Hello, world\\n")
  (func $write (param $address i32) (param $bytes i32)
    (drop (call $io (i32.const 1) (i32.const 1) (local.get $address) (local.get $bytes)))
    (call $idle)
    (drop (call $enable_interrupts (i32.const 1)))
    (drop (call $enable_interrupts (i32.const 0))))
  (func $stop (param $status i32)
    (drop (call $io (i32.const 0) (i32.const 1) (local.get $status) (i32.const 0))))
  (func (export "boot") (param $information i32)
    (if (i32.eqz (call $processor)) (then ${boot}))
    (loop $again (call $idle) (br $again)))
  ${handlers})`;
const HANDLERS = `
  (func (export "handle_trap") (param i32 i32 i32 i32 i32 i32) (result i32) (unreachable))
  (func (export "handle_interrupt") (param i32 i32))`;

const hello = fileOf("hello.wasm", kernelOf(`(call $write (i32.const 64) (i32.const 13)) (call $stop (i32.const 0))`));
const WORDS = `(call $write (i32.const 64) (i32.const 5))`;
const failing = fileOf("failing.wasm", kernelOf(`${WORDS} (call $stop (i32.const 263))`));
const panics = fileOf("panics.wasm", kernelOf(`${WORDS} (unreachable)`));
const stuck = fileOf("stuck.wasm", kernelOf(WORDS));
const endless = fileOf("endless.wasm", kernelOf(`(loop $again (br $again))`));
/** Writes what the kernel is told: its arguments' address and length are words 10 and 11. */
const told = fileOf(
  "told.wasm",
  kernelOf(
    `(call $write (i32.load offset=40 (local.get $information)) (i32.load offset=44 (local.get $information)))
     (call $stop (i32.const 0))`,
  ),
);
/** Writes the name of the archive's first file, which block 0 of the second disk begins with. */
const reads = fileOf(
  "reads.wasm",
  kernelOf(
    `(drop (call $io (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 4096)))
     (call $idle)
     (drop (call $enable_interrupts (i32.const 1)))
     (drop (call $enable_interrupts (i32.const 0)))
     (call $write (i32.const 4096) (i32.const 9))
     (call $stop (i32.const 0))`,
  ),
);
const program = fileOf(
  "program.wasm",
  `(module (memory 1) (func $deep (unreachable)) (func (export "run") (call $deep)))`,
);
/** Executes the program, whose pages of code it maps; does nothing for what else traps. */
const faults = fileOf(
  "faults.wasm",
  kernelOf(
    `(drop (call $call (call $create_instance (i32.const 1) (i32.const 0)) (i32.const 1)
       (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))`,
    "1 1024",
    `(func (export "handle_trap") (param i32 i32 i32 i32 i32 i32) (result i32)
       (if (local.get 0) (then (unreachable)))
       (call $write_translation (i32.const 0) (local.get 1) (i32.const 1))
       (i32.const 0))
     (func (export "handle_interrupt") (param i32 i32))`,
  ),
);
/** Programs that ship with the kernels. */
const shipped = (name: string) =>
  fileURLToPath(new URL(`../../packages/machines/dist/programs/${name}.wasm`, import.meta.url));

const nothing = fileOf("nothing.wasm", "(module)");

interface Output {
  readonly console: string;
  readonly status: number;
  readonly elapsed: number;
  readonly processors: readonly Record<string, number>[];
  readonly faults: readonly unknown[];
  readonly devices: readonly { readonly kind: string; readonly requests: number }[];
}

describe("docs/machines.md", () => {
  test("has a program that boots a kernel, which runs as it stands", async () => {
    const page = readFileSync(new URL("../../docs/machines.md", import.meta.url), "utf8");
    const [, program] = /```js\n([\s\S]*?)```/.exec(page)!;
    // Inside the workspace, so that the package's name is known; beside the program that it names.
    const file = fileURLToPath(new URL("../../packages/machines/dist/programs/boot-example.mjs", import.meta.url));
    writeFileSync(file, program!);
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: dirname(file) });
      expect(stdout).toMatch(/^hello from process 1\n\d+ cycles, [1-9]\d* of them in user mode\n$/);
    } finally {
      rmSync(file);
    }
  });
});

describe("landspout boot", () => {
  test("boots a kernel's file, prints its console, then where the time went", async () => {
    const { code, stdout, stderr } = await landspout(["boot", hello, "--processors", "2", "--image", program]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^Hello, world\n\n\S*hello\.wasm on numachine, 2 processors: \d+ cycles, \S+ .s; status 0\n/,
    );
    for (const title of ["Where the time went on", "Devices of", "References of", "Links of"]) {
      expect(stdout).toMatch(new RegExp(`^${title} numachine$`, "m"));
    }
    expect(stdout).toMatch(/^1 +console +1 /m);
  });

  test("prints the same for programs, the console's text within, and is a function of the seed", async () => {
    const parameters = ["boot", hello, "--processors", "4", "--machine", "origin", "--json"];
    const { code, stdout, stderr } = await execute(parameters);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const output: Output = JSON.parse(stdout);
    expect(output).toMatchObject({
      kernel: hello,
      images: [],
      machine: "origin",
      unit: "cycles",
      status: 0,
      console: "Hello, world\n",
    });
    expect(output.devices.map(({ kind, requests }) => [kind, requests])).toEqual([
      ["power", 1],
      ["console", 1],
      ["disk", 0],
      ["network", 0],
    ]);
    for (const each of output.processors) {
      expect(each.userCycles! + each.kernelCycles! + each.idleCycles!).toBe(output.elapsed);
    }
    expect((await execute(parameters)).stdout, "is deterministic").toBe(stdout);
    expect((await execute([...parameters, "--seed", "9"])).stdout).not.toBe(stdout);
  });

  test("ends with the status that the kernel stopped with, or 8 bits of it", async () => {
    const { code, stdout, stderr } = await landspout(["boot", failing]);
    expect({ code, stderr }).toEqual({ code: 7, stderr: "" });
    expect(stdout).toMatch(/^Hello\n\n.*failing\.wasm on numachine, 1 processor: .*; status 263\n/);
    const large = fileOf("large.wasm", kernelOf(`(call $stop (i32.const 512))`));
    expect((await execute(["boot", large])).code).toBe(1);
  });

  test("tells the kernel its arguments, and gives it a folder as disk 1", async () => {
    expect((await execute(["boot", told, "--arguments", "with words"])).stdout).toMatch(/^with words\n\n/);
    const disk = join(folder, "disk");
    mkdirSync(disk);
    writeFileSync(join(disk, "first.txt"), "contents");
    expect((await execute(["boot", reads, "--disk", disk])).stdout).toMatch(/^first\.txt\n\n/);
  });

  test.each([
    ["a panic", [panics], /processor 0 failed: .*unreachable.* in .*boot.* of panics\.wasm/],
    [
      "a program that faults",
      [faults, "--image", program],
      /processor 0 failed: .*unreachable.* in handle_trap of faults\.wasm, below it deep of program\.wasm, below it boot/,
    ],
    [
      "a deadlock",
      [stuck, "--processors", "2"],
      /every processor is idle.*\n {2}processor 0 .*boot.*\n {2}processor 1 /,
    ],
    ["an end of cycles", [endless, "--cycles", "5000"], /5000 cycles:\n {2}processor 0 .*boot/],
  ])("says of %s where each processor was, exit code 1", async (_, parameters, message) => {
    const { code, stdout, stderr } = await execute(["boot", ...parameters]);
    const written = [panics, stuck].includes(parameters[0]!) ? "Hello" : "";
    expect({ code, stdout }).toEqual({ code: 1, stdout: written && `${written}\n` });
    expect(stderr).toMatch(message);
    const json = await execute(["boot", ...parameters, "--json"]);
    expect(json).toMatchObject({ code: 1, stderr });
    expect(JSON.parse(json.stdout)).toMatchObject({
      error: expect.stringMatching(message),
      console: written,
    });
  });

  test.each(["numachine", "origin", "opteron", "firefly-cvax"])(
    "boots the kernel that ships, on %s",
    async (machine) => {
      const parameters = ["boot", "minimal", "--image", "hello", "primes", "--machine", machine];
      const { code, stdout } = await execute([...parameters, "--processors", "2", "--json"]);
      const output: Output = JSON.parse(stdout);
      expect({ code, status: output.status }).toEqual({ code: 0, status: 0 });
      expect(output.console).toContain("hello from process 1\n");
      expect(output.faults).toEqual([]);
      for (const each of output.processors) {
        expect(each.userCycles! + each.kernelCycles! + each.idleCycles!).toBe(output.elapsed);
      }
    },
  );

  test.each([
    ["run", "integer divide by zero"],
    ["outside", "a read of 0x10000, which the kernel did not map"],
    ["forever", "a wait at 0x0, which the kernel ended"],
    ["endless", "call stack exhausted"],
  ])("says why the kernel abandoned a program's %s, with the lines of both", async (entry, cause) => {
    const parameters = ["boot", "minimal", "--image", shipped("faults"), "--arguments", `1:${entry}`];
    const { code, stdout } = await execute(parameters);
    expect(code).toBe(128);
    const fault = new RegExp(
      `^Fault at cycle \\d+ of processor 0: ${cause}, in .* of minimal\\.wasm \\(kernel/os/minimal/\\S+:\\d+\\), below it .*${entry} of ` +
        "faults\\.wasm \\(programs/faults\\.ts:\\d+\\), below it .*live of minimal\\.wasm \\(kernel/os/minimal/life\\.ts:\\d+\\)$",
      "m",
    );
    expect(stdout).toMatch(fault);
    const output: Output = JSON.parse((await execute([...parameters, "--json"])).stdout);
    expect(output.faults).toEqual([{ processor: 0, at: expect.any(Number), cause, place: expect.any(String) }]);
  });

  test("gives the kernel an empty disk, on which it keeps the pages that have no frame", async () => {
    const parameters = ["boot", "minimal", "--image", shipped("pages"), "--arguments", "frames=24", "--json"];
    const { code, stdout } = await execute([...parameters, "--empty-disk", "2"]);
    expect(code).toBe(0);
    const { console, devices } = JSON.parse(stdout) as Output;
    expect(console).toBe("0 wrong words\n");
    const disks = devices.filter(({ kind }) => kind === "disk");
    expect(disks).toHaveLength(2);
    expect(disks[1]!.requests).toBeGreaterThan(0);
    const { stderr } = await execute(parameters);
    expect(stderr).toMatch(/fail\(NoSecondDisk\) in .* of minimal\.wasm \(kernel\/os\/minimal\/eviction\.ts:\d+\)$/m);
  });

  test("says of a run that fails which programs the kernel had abandoned before", async () => {
    const parameters = ["boot", "minimal", "--image", shipped("spin"), shipped("faults"), "--cycles", "3000000"];
    const { code, stderr } = await execute(parameters);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^Fault at cycle \d+ of processor 0: integer divide by zero, .*\nCannot finish minimal\.wasm: /,
    );
    expect(stderr).toMatch(
      /^ {2}processor 0 is in .*run of spin\.wasm \(programs\/spin\.ts:\d+\), below it .*live of minimal/m,
    );
    const { stdout } = await execute([...parameters, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      faults: [{ cause: "integer divide by zero" }],
      error: expect.any(String),
    });
  });

  test("interrupted, ends with exit code 130", async () => {
    const { code, stdout, stderr } = await landspout(["boot", endless, "--json"], { after: 300 });
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toContain("Interrupted");
  });

  test.each([
    [
      ["nowhere"],
      /^Cannot boot nowhere: received neither the name of a kernel nor a file; expected .*minimal, or the file of another one$/,
    ],
    [[nothing], /^Cannot boot nothing\.wasm: received no function "boot"; expected an exported one with 1 parameters/],
    [[fileOf("half.wasm", kernelOf("", "1 2", ""))], /received no function "handle_trap"/],
    [
      [hello, "--image", "helo"],
      /^Cannot boot with --image helo: received neither a file nor the name .*; expected .*faults, .*hello, .*or a file$/,
    ],
    [[hello, "--image", join(folder, "none.wasm")], /^Cannot load none\.wasm: ENOENT/],
    [
      [hello, "--image", fileOf("simd.wasm", `(module (func (drop (v128.const i32x4 0 0 0 0))))`)],
      /^Cannot boot simd\.wasm: .*v128|SIMD/i,
    ],
    [
      [hello, "--image", fileOf("unknown.wasm", `(module (import "machine" "fly" (func)))`)],
      /^Cannot run unknown\.wasm: received an import of machine\.fly/,
    ],
    [
      [hello, "--image", fileOf("out.wasm", `(module (memory 1) (data (i32.const 65535) "xy"))`)],
      /^Cannot boot out\.wasm: received data segment 0 at 65535 to 65537/,
    ],
    [[hello, "--machine", "nowhere"], /^Cannot find machine "nowhere"/],
    [
      [hello, "--machine", "symmetry"],
      /^Cannot boot on symmetry: received a machine without a kernel mode; expected one of firefly-cvax, numachine, origin, opteron$/,
    ],
    [[hello, "--machine", "native"], /^Cannot boot on native: received a machine without a kernel mode/],
    [[hello, "--processors", "17"], /^Cannot read --processors: received "17"; .* 1 to 16, the most of numachine$/],
    [[hello, "--memory", "0"], /^Cannot read --memory: received "0"; expected a whole number from 1 to 2047$/],
    [
      [hello, "--memory", "65"],
      /^Cannot boot hello\.wasm: received 68157440 bytes of memory; expected 65536 to 67108864/,
    ],
    [[hello, "--disk", hello], /^Cannot read --disk: received .*; expected a folder$/],
    [[hello, "--empty-disk", "1025"], /^Cannot read --empty-disk: received "1025"; .* 1 to 1024$/],
    [[hello, "--seed", "x"], /^Cannot read --seed/],
    [[hello, "--procesors", "2"], /unknown option '--procesors'/],
  ])("refuses %j with one clear error and exit code 2", async (parameters, message) => {
    const { code, stdout, stderr } = await execute(["boot", ...parameters]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.trimEnd()).toMatch(message);
  });
});
