import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { BootOptions } from "#machines/machines/simulated/privileged/boot-run.js";
import type { Program } from "#machines/program/program.js";
import { TRAPS } from "#machines/wasm/instructions.js";
import { compileC } from "../../program/clang.js";
import { machinesOf } from "../../random-cases.js";
import { boot as bootKernel, diskOf, MACHINES, program, programOf } from "./booted.js";

const KILLED = 128;
const source = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

const boot = (machine: string, images: readonly Program[], options?: Partial<BootOptions>) =>
  bootKernel("minimal", machine, images, options);

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
const lines = (console: string) => console.split("\n").slice(0, -1);

const [hello, primes, pages, grow, faults, spin] = (await Promise.all(
  ["hello", "primes", "pages", "grow", "faults", "spin"].map((name) => program(name)),
)) as [Program, Program, Program, Program, Program, Program];

/** The calls of a program's text. */
const CALLS = `(import "machine" "trap" (func $trap (param i32 i32 i32 i32 i32) (result i32)))`;

/** What the machine waits for, so that others end before: it takes a long time and does nothing. */
const patient = programOf(`(module (import "machine" "work" (func $work (param i32))) (memory 1)
  (func (export "run") (call $work (i32.const 60000000))))`);

/** Boots a program whose function `run` is this text. */
const run = (body: string, memory = '(memory (export "memory") 1 2 shared)', options?: Partial<BootOptions>) =>
  boot("numachine", [programOf(`(module ${CALLS} ${memory} (func (export "run") (result i32) ${body}))`)], options);

describe.each(machinesOf(MACHINES, 2))("The minimal kernel on %s", (machine) => {
  test.each([1, 3])("runs its programs on %d processors, each in its own memory", async (processors) => {
    const { console, status } = await boot(machine, [patient, pages, hello, faults, primes, grow], { processors });
    expect(lines(console).sort()).toEqual([
      "0 wrong words",
      "1229 primes",
      "16 pages more",
      "faults.wasm: integer divide by zero",
      "hello from process 3",
    ]);
    expect(status).toBe(0);
  });

  test("brings back what it has evicted, wherever frames are", async () => {
    const [first, second] = [diskOf(machine, 1024), diskOf(machine, 1024)];
    const options = { processors: 2, arguments: "frames=3 shuffle=5 quantum=5000" };
    const evicting = await boot(machine, [pages, primes], { ...options, disks: [first] });
    expect(evicting.console).toContain("0 wrong words\n");
    expect(evicting.status).toBe(0);
    // Each page of the program's is written at least once.
    expect(evicting.devices.filter(({ kind }) => kind === "disk")[1]!.requests).toBeGreaterThan(32);
    const again = await boot(machine, [pages, primes], { ...options, disks: [second] });
    expect({ ...again, memory: undefined }).toEqual({ ...evicting, memory: undefined });
    expect(Buffer.compare(first, second)).toBe(0);
    expect(Buffer.compare(new Uint8Array(again.memory.buffer), new Uint8Array(evicting.memory.buffer))).toBe(0);
  });
});

describe("The minimal kernel", () => {
  test("pre-empts a program that runs for ever", async () => {
    const { console, processors } = await boot("numachine", [primes, spin, hello]);
    expect(lines(console).sort()).toEqual(["1229 primes", "hello from process 3"]);
    expect(processors[0]!.interrupts.timer).toBeGreaterThan(5);
  });

  test("does not interrupt the only process that is ready for another one", async () => {
    const { processors } = await boot("numachine", [primes]);
    expect(processors[0]!.interrupts.timer).toBeGreaterThan(2);
    // To the process, and back to write its line; and when it has ended.
    expect(processors[0]!.contextSwitches).toBeLessThan(10);
  });

  test("wakes idle processors for processes that become ready", async () => {
    const { processors } = await boot("numachine", [primes, primes, primes, primes], { processors: 4 });
    for (const { userInstructions } of processors) expect(userInstructions).toBeGreaterThan(10_000);
  });

  test("is the same run for the same seed", async () => {
    const once = () => boot("numachine", [primes, pages, hello], { processors: 3, seed: 7 });
    const [a, b] = [await once(), await once()];
    expect({ ...a, memory: undefined }).toEqual({ ...b, memory: undefined });
    const other = await boot("numachine", [primes, pages, hello], { processors: 3, seed: 8 });
    expect(other.elapsed).not.toBe(a.elapsed);
  });

  test("has as many processes with one tag as there are", async () => {
    const many = Array.from({ length: 300 }, () => hello);
    const { console } = await boot("numachine", [patient, ...many], { processors: 2 });
    expect(new Set(lines(console)).size).toBe(many.length);
  });

  test("uses no translation of a page that a process has lost while it was on another processor", {
    tags: "long",
  }, async () => {
    // Adds 1 to a word of each of 5 pages in turn, and stops where a word is not what it should be.
    const cycling = programOf(`(module (memory 1) (func (export "run") (local $at i32) (local $i i32)
      (loop $next
        (local.set $at (i32.mul (i32.rem_u (local.get $i) (i32.const 5)) (i32.const 8192)))
        (if (i32.ne (i32.load (local.get $at)) (i32.div_u (local.get $i) (i32.const 5))) (then unreachable))
        (i32.store (local.get $at) (i32.add (i32.const 1) (i32.div_u (local.get $i) (i32.const 5))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $i) (i32.const 60))))))`);
    // Those that run for ever keep both processors busy: whichever is free first takes who is ready.
    const { console, processors } = await boot("numachine", [cycling, cycling, spin, spin, spin], {
      processors: 2,
      arguments: "frames=3",
      disks: [diskOf("numachine", 64)],
    });
    expect(console).toBe("");
    for (const { contextSwitches } of processors) expect(contextSwitches).toBeGreaterThan(50);
  });

  test.each([
    ["run", "integer divide by zero"],
    ["outside", "memory access out of bounds"],
    ["forever", "waits for ever"],
    ["endless", "call stack exhausted"],
  ])("ends a process that faults, and says why: %s", async (entry, message) => {
    const { console, status } = await boot("opteron", [faults], { arguments: `1:${entry}` });
    expect(console).toBe(`faults.wasm: ${message}\n`);
    expect(status).toBe(KILLED);
  });

  test.each([
    ["(memory.fill (i32.const 65535) (i32.const 1) (i32.const 2)) (i32.const 0)", "memory access out of bounds"],
    ["(drop (memory.atomic.notify (i32.const 65536) (i32.const 1))) (i32.const 0)", "memory access out of bounds"],
    ["(i32.atomic.load (i32.const 2))", "unaligned atomic"],
    ["unreachable", "unreachable"],
    ["(i32.trunc_f64_s (f64.const 1e20))", "integer overflow"],
  ])("ends a process that does %s", async (body, message) => {
    const { console, status } = await run(body);
    expect(console).toBe(`program.wasm: ${message}\n`);
    expect(status).toBe(KILLED);
  });

  test.each([
    ['(import "machine" "fail" (func $f (param i32)))', "(call $f (i32.const 42))", "failed for reason 42"],
    ['(import "machine" "send" (func $f (param i32 i32)))', "(call $f (i32.const 0) (i32.const 1))", "send or receive"],
    ['(import "machine" "idle" (func $f))', "(call $f)", "a privileged instruction"],
    ['(import "wasi" "fd_write" (func $f))', "(call $f)", "called wasi.fd_write, which this kernel does not have"],
  ])("ends a process that executes %s", async (imported, body, message) => {
    const image = programOf(`(module ${imported} (memory 1) (func (export "main") ${body}))`);
    expect((await boot("numachine", [image])).console).toBe(`program.wasm: ${message}\n`);
  });

  test("executes a module's start function first, and nothing after one that faults", async () => {
    const started = (start: string) =>
      boot("numachine", [
        programOf(`(module (memory 1) (global $g (mut i32) (i32.const 0))
          (func $start ${start}) (start $start)
          (func (export "run") (result i32) (i32.const 1))
          (func (export "main") (param i32 i32) (result i32) (i32.add (global.get $g) (local.get 1))))`),
      ]);
    expect((await started("(global.set $g (i32.const 5))")).status).toBe(5);
    expect(await started("unreachable")).toMatchObject({ console: "program.wasm: unreachable\n", status: KILLED });
  });

  test("has system calls that answer, and says of others that it has none", async () => {
    const trap = (...words: number[]) =>
      `(call $trap ${[...words, 0, 0, 0, 0]
        .slice(0, 5)
        .map((word) => `(i32.const ${word})`)
        .join(" ")})`;
    expect((await run(trap(2))).status).toBe(1);
    expect((await run(trap(1))).status).toBe(0);
    expect((await run(`(drop ${trap(0, 9)}) unreachable`)).status).toBe(9);
    expect((await run(trap(77))).status).toBe(-1);
    expect((await run(trap(16, 65_530, 7))).status).toBe(-2);
    expect((await run(trap(16, 65_530, 6))).status).toBe(6);
  });

  test("writes what lies across pages, as it is", async () => {
    const text = Array.from({ length: 5000 }, (_, i) => String.fromCharCode(97 + (i % 26))).join("");
    const { console } = await run(
      "(call $trap (i32.const 16) (i32.const 4000) (i32.const 5000) (i32.const 0) (i32.const 0))",
      `(memory 1) (data (i32.const 4000) "${text}")`,
    );
    expect(console).toBe(text);
  });

  test("tells the time in microseconds", async () => {
    const time = "(call $trap (i32.const 32) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))";
    // 3,000,000 cycles of 150 MHz are 20,000 microseconds.
    const { status } = await boot("numachine", [
      programOf(`(module ${CALLS} (import "machine" "work" (func $work (param i32)))
        (func (export "run") (result i32) (local $at i32)
          (local.set $at ${time}) (call $work (i32.const 3000000)) (i32.sub ${time} (local.get $at))))`),
    ]);
    expect(status).toBeGreaterThan(20_000);
    expect(status).toBeLessThan(22_000);
  });

  test("answers memory.atomic.wait as for one thread: not equal, or timed out, in time", async () => {
    const wait = (value: number, nanoseconds: number) =>
      `(memory.atomic.wait32 (i32.const 8) (i32.const ${value}) (i64.const ${nanoseconds}))`;
    expect((await run(wait(1, -1))).status).toBe(1);
    const waited = await run(wait(0, 10_000_000));
    expect(waited.status).toBe(2);
    // 10 milliseconds of 150 MHz.
    expect(waited.elapsed).toBeGreaterThan(1_500_000);
    expect((await run(wait(0, 0))).elapsed).toBeLessThan(1_000_000);
    expect((await run("(memory.atomic.notify (i32.const 8) (i32.const 1))")).status).toBe(0);
    const long = "(memory.atomic.wait64 (i32.const 8) (i64.const 0x100000000) (i64.const -1))";
    expect((await run(long)).status).toBe(1);
  });

  test("lets memory grow up to what the module says", async () => {
    const grown = (pages: number) => `(memory.grow (i32.const ${pages}))`;
    expect((await run(grown(1))).status).toBe(1);
    expect((await run(grown(2))).status).toBe(-1);
    expect((await run(`(drop ${grown(1)}) (i32.store (i32.const 131068) (i32.const 3)) (memory.size)`)).status).toBe(2);
    expect((await run("(i32.load (i32.const 65536))")).console).toBe("program.wasm: memory access out of bounds\n");
  });

  test("answers a program that it is the only processor", async () => {
    const image = programOf(`(module
      (import "machine" "processor" (func $p (result i32))) (import "machine" "processors" (func $n (result i32)))
      (func (export "run") (result i32) (i32.add (i32.mul (i32.const 10) (call $p)) (call $n))))`);
    expect((await boot("numachine", [image], { processors: 4 })).status).toBe(1);
  });

  test("ends a process for whose pages there are no frames, and others go on", async () => {
    const greedy = programOf(
      `(module (memory 200) (func (export "run") (local $at i32)
        (loop $next
          (i32.store (local.get $at) (i32.const 1))
          (local.set $at (i32.add (local.get $at) (i32.const 4096)))
          (br_if $next (i32.lt_u (local.get $at) (i32.const 13107200))))))`,
      "greedy.wasm",
    );
    const { console, status } = await boot("numachine", [patient, pages, greedy], { memory: 2 ** 22, processors: 2 });
    expect(lines(console).sort()).toEqual(["0 wrong words", "greedy.wasm: out of memory"]);
    expect(status).toBe(0);
  });

  test("gives back what a process had when it ends", async () => {
    // Each needs more than half of what there is; the second one begins to when the first one has ended.
    const needy = (before: number) =>
      programOf(`(module (import "machine" "work" (func $work (param i32))) (memory 40) (func (export "run")
        (call $work (i32.const ${before})) (memory.fill (i32.const 0) (i32.const 1) (i32.const 2621440))))`);
    const images = (before: number) => [patient, needy(0), needy(before)];
    expect((await boot("numachine", images(20_000_000), { memory: 2 ** 22 })).console).toBe("");
    expect((await boot("numachine", images(0), { memory: 2 ** 22 })).console).toContain(
      "program.wasm: out of memory\n",
    );
  });

  test("runs programs in C", { tags: "clang" }, async () => {
    const sort = compileC(new URL("../../../programs/sort.c", import.meta.url).pathname);
    const { console, status } = await boot("origin", [patient, sort, hello], { processors: 2 });
    expect(lines(console).sort()).toEqual(["hello from process 3", "in order"]);
    expect(status).toBe(0);
  });

  test.each([
    ["an unknown argument", "swap=3", "BadArgument"],
    ["an image that there is not", "2:run", "BadArgument"],
    ["no number", "frames=", "BadArgument"],
    ["too few frames", "frames=1", "BadArgument"],
    ["a quantum in which nothing can be done", "quantum=999", "BadArgument"],
    ["frames without a second disk", "frames=2", "NoSecondDisk"],
  ])("refuses %s, with its own function and line", async (_, given, failure) => {
    await expect(boot("numachine", [hello], { arguments: given })).rejects.toThrow(
      new RegExp(
        `^Cannot go on with minimal\\.wasm: processor 0 failed: fail\\(${failure}\\) in .*kernel/os/(minimal/)?\\w+\\.ts:\\d+`,
      ),
    );
  });

  test("refuses to run nothing, and memory in which its tables have no place", async () => {
    await expect(boot("numachine", [])).rejects.toThrow("fail(NoImage)");
    const many = Array.from({ length: 60 }, () => hello);
    await expect(boot("numachine", many, { memory: 2 ** 18 })).rejects.toThrow("fail(OutOfMemory)");
  });

  test("ends a process without a function to begin with", async () => {
    const { console, status } = await boot("numachine", [hello], { arguments: "1:nothing" });
    expect(console).toMatch(/^hello\.wasm: expected a function to begin with/);
    expect(status).toBe(KILLED);
  });
});

describe("What kernels share", () => {
  test("names WebAssembly's traps as the machines do", () => {
    const texts = [...source("kernel/os/faults.ts").matchAll(/return "(.*)";/g)].map(([, text]) => text);
    expect(texts).toEqual([...Object.values(TRAPS), "a fault"]);
  });

  test("has system calls of the same numbers for programs in C", () => {
    const calls = [...source("kernel/os/system-calls.ts").matchAll(/^ {2}([A-Z]\w*) = (\d+),$/gm)];
    const inC = /enum \{ (.*) \}/.exec(source("programs/system.h"))![1];
    expect(inC).toBe(calls.map(([, name, number]) => `${name!.toUpperCase()} = ${number}`).join(", "));
    expect(sum(calls.map(([, , number]) => Number(number)))).toBeGreaterThan(0);
  });
});
