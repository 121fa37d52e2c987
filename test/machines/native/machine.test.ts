import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import binaryen from "assemblyscript/binaryen";
import { afterEach, describe, expect, test } from "vitest";
import { NativeMachine } from "#machines/machines/native/machine.js";
import { createMemory, createProgram } from "#machines/program/program.js";

const TEXT = `(module
  (import "env" "memory" (memory 1 1 shared))
  (import "machine" "processor" (func $processor (result i32)))
  (import "machine" "processors" (func $processors (result i32)))
  (import "machine" "fail" (func $fail (param i32)))
  (import "machine" "clock" (func $clock (result f64)))
  (global $Failure.OutOfPatience i32 (i32.const 7))
  (export "Failure.OutOfPatience" (global $Failure.OutOfPatience))
  (export "who" (func $who))
  (export "wide" (func $wide))
  (export "nothing" (func $nothing))
  (export "time" (func $time))
  (export "crash" (func $crash))
  (export "give_up" (func $give_up))
  (export "count_until_told" (func $count_until_told))
  (export "count_for_ever" (func $count_for_ever))
  (export "sleep_for_ever" (func $sleep_for_ever))
  (func $who (param $factor i32) (result i32)
    (i32.add (i32.mul (call $processor) (local.get $factor)) (call $processors)))
  (func $wide (result i64) (i64.const 0x100000000))
  (func $nothing)
  (func $time (result f64) (call $clock))
  (func $deep_inside (unreachable))
  (func $crash (if (i32.eq (call $processor) (i32.const 1)) (then (call $deep_inside)) (else (call $count_for_ever))))
  (func $give_up (if (i32.eqz (call $processor)) (then (call $fail (i32.const 7))) (else (call $sleep_for_ever))))
  (func $count_until_told
    (loop $again
      (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1)))
      (br_if $again (i32.eqz (i32.atomic.load (i32.const 0))))))
  (func $count_for_ever
    (loop $again (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1))) (br $again)))
  (func $sleep_for_ever
    (drop (memory.atomic.wait32 (i32.const 128) (i32.const 0) (i64.const -1)))))`;

const program = createProgram("small.wasm", assemble(TEXT));

/** As a program in C would have it: one value of several in registers is needed after a wait. */
const WAITING = `(module
  (import "env" "memory" (memory 1 1 shared))
  (func (export "wait") (param $value i32) (result i32)
    (local $a i32) (local $b i32) (local $c i32) (local $d i32) (local $e i32)
    (local.set $a (i32.add (local.get $value) (i32.const 1)))
    (local.set $b (i32.add (local.get $value) (i32.const 2)))
    (local.set $c (i32.add (local.get $value) (i32.const 3)))
    (local.set $d (i32.add (local.get $value) (i32.const 4)))
    (local.set $e (i32.add (local.get $value) (i32.const 5)))
    (drop (memory.atomic.wait32 (local.get $value) (i32.const 1) (i64.const 0)))
    (i32.add (local.get $a) (i32.add (local.get $b) (i32.add (local.get $c) (i32.add (local.get $d) (local.get $e)))))))`;

function assemble(text: string): Uint8Array<ArrayBuffer> {
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.All);
  binaryen.setDebugInfo(true);
  const bytes = module.emitBinary();
  module.dispose();
  return new Uint8Array(bytes);
}

/** The error that a promise rejects with. */
async function rejection(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => expect.fail("expected a rejection"),
    (error) => error,
  );
}

/** Whether nobody counts any more: no thread of the run is left that executes. */
async function isStill(memory: WebAssembly.Memory): Promise<boolean> {
  const words = new Int32Array(memory.buffer);
  const count = Atomics.load(words, 16);
  await sleep(50);
  return Atomics.load(words, 16) === count;
}

let machine: NativeMachine | undefined;

function newMachine(): NativeMachine {
  machine = new NativeMachine();
  return machine;
}

afterEach(async () => {
  await machine?.close();
  machine = undefined;
});

describe("NativeMachine.run", () => {
  test("NativeMachine.run executes the entry on every processor and brings all results back", async () => {
    const native = newMachine();
    const run = await native.run(program, "who", { processors: 5, arguments: [10] });
    expect(run.results).toEqual([5, 15, 25, 35, 45]);
    expect(run.cutOff).toEqual([]);
    expect(run.durations).toHaveLength(5);
    for (const time of run.durations) expect(time).toBeGreaterThanOrEqual(0);
  });

  test("NativeMachine.run leaves local variables as they were across a wait, which Node 20's baseline code does not", async () => {
    const waiting = createProgram("waiting.wasm", assemble(WAITING));
    const run = await newMachine().run(waiting, "wait", { processors: 1, arguments: [8] });
    expect(run.results).toEqual([9 + 10 + 11 + 12 + 13]);
  });

  test("NativeMachine.run brings 64-bit results back as bigint and nothing as undefined", async () => {
    const native = newMachine();
    expect((await native.run(program, "wide", { processors: 2 })).results).toEqual([2n ** 32n, 2n ** 32n]);
    expect((await native.run(program, "nothing", { processors: 2 })).results).toEqual([undefined, undefined]);
  });

  test("NativeMachine.run uses its threads again, for fewer processors and for more", async () => {
    const native = newMachine();
    for (const processors of [3, 1, 2, 4, 1]) {
      const { results } = await native.run(program, "who", { processors, arguments: [100] });
      expect(results).toEqual(Array.from({ length: processors }, (_, p) => 100 * p + processors));
    }
  });

  test("NativeMachine.run gives all processors one clock, which goes on from run to run", async () => {
    const native = newMachine();
    const before = (await native.run(program, "time", { processors: 2 })).results as number[];
    const after = (await native.run(program, "time", { processors: 2 })).results as number[];
    expect(Math.min(...after)).toBeGreaterThan(Math.max(...before));
  });

  test("NativeMachine.run runs in the memory that it is given, or in a new one", async () => {
    const native = newMachine();
    const memory = createMemory(program);
    Atomics.store(new Int32Array(memory.buffer), 0, 1);
    const run = await native.run(program, "count_until_told", { processors: 3, memory });
    expect(run.memory).toBe(memory);
    expect(Atomics.load(new Int32Array(memory.buffer), 16)).toBe(3);
    expect((await native.run(program, "nothing", { processors: 1 })).memory).not.toBe(memory);
  });

  test.each([0, 1025, 1.5, -1, Number.NaN])("NativeMachine.run refuses %d processors", async (processors) => {
    const error = await rejection(newMachine().run(program, "who", { processors }));
    expect(error).toBeInstanceOf(RangeError);
    expect(error.message).toBe(`Cannot run who: received ${processors} processors; expected 1 to 1024`);
  });

  test("NativeMachine.run refuses to run twice at a time", async () => {
    const native = newMachine();
    const first = native.run(program, "who", { processors: 2, arguments: [1] });
    await expect(native.run(program, "who", { processors: 1 })).rejects.toThrow(
      "Cannot run who: another run is under way; expected one at a time",
    );
    expect((await first).results).toEqual([2, 3]);
  });

  test("NativeMachine.run refuses a memory that is not shared", async () => {
    const machine = newMachine();
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
    const error = await rejection(machine.run(program, "who", { processors: 1, memory }));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe("Cannot run who: received a memory of one thread; expected a shared one");
  });

  test("NativeMachine.run rejects arguments that cannot be sent to a thread, and runs again afterwards", async () => {
    const machine = newMachine();
    const parameters = [(() => 1) as unknown as number];
    const error = await rejection(machine.run(program, "who", { processors: 2, arguments: parameters }));
    expect(error.message).toMatch(/could not be cloned/);
    const { results } = await machine.run(program, "who", { processors: 2, arguments: [10] });
    expect(results).toEqual([2, 12]);
  });

  test("NativeMachine.run says which processor trapped and in which function, and ends the others", async () => {
    const native = newMachine();
    const memory = createMemory(program);
    const error = await rejection(native.run(program, "crash", { processors: 3, memory }));
    expect(error.message).toBe("Cannot run crash of small.wasm: processor 1 failed: RuntimeError: unreachable");
    const cause = error.cause as Error;
    expect(cause.name).toBe("RuntimeError");
    expect(cause.stack).toMatch(/at deep_inside .*\n\s+at crash /);
    expect(await isStill(memory)).toBe(true);
    expect((await native.run(program, "who", { processors: 3, arguments: [1] })).results).toEqual([3, 4, 5]);
  });

  test("NativeMachine.run says by which name a processor failed, and ends those who sleep", async () => {
    const native = newMachine();
    const error = await rejection(native.run(program, "give_up", { processors: 3 }));
    expect(error.message).toMatch(/^Cannot run give_up of small\.wasm: processor 0 failed: .*OutOfPatience/);
    expect((error.cause as Error).stack).toMatch(/at give_up /);
    expect((await native.run(program, "who", { processors: 3, arguments: [1] })).results).toEqual([3, 4, 5]);
  });

  test("NativeMachine.run says that an entry is missing", async () => {
    const native = newMachine();
    await expect(native.run(program, "nowhere", { processors: 2 })).rejects.toThrow(
      /^Cannot run nowhere of small\.wasm: processor \d failed: .*received no function "nowhere"/,
    );
    await expect(native.run(program, "memory", { processors: 1 })).rejects.toThrow(/no function "memory"/);
    expect((await native.run(program, "who", { processors: 2, arguments: [1] })).results).toEqual([2, 3]);
  });
});

describe("NativeMachine.run of a program for one processor", () => {
  const OWN = `(module
    (memory (export "memory") 1 3)
    (func (export "fill") (param $value i32) (drop (memory.grow (i32.const 1)))
      (i32.store (i32.const 70000) (local.get $value))))`;
  const IMPORTED = `(module (import "js" "heap" (memory 1 1))
    (func (export "fill") (param $value i32) (i32.store (i32.const 8) (local.get $value))))`;

  test("NativeMachine.run brings the program's own memory back as it was at the end", async () => {
    const own = createProgram("own.wasm", assemble(OWN));
    const { memory } = await newMachine().run(own, "fill", { processors: 1, arguments: [42] });
    expect(memory.buffer.byteLength).toBe(2 * 65536);
    expect(new Int32Array(memory.buffer)[70000 / 4]).toBe(42);
  });

  test("NativeMachine.run gives the program its memory by the names under which it is imported", async () => {
    const imported = createProgram("imported.wasm", assemble(IMPORTED));
    const { memory } = await newMachine().run(imported, "fill", { processors: 1, arguments: [42] });
    expect(new Int32Array(memory.buffer)[2]).toBe(42);
  });

  test.each([OWN, IMPORTED])("NativeMachine.run refuses it several processors", async (text) => {
    const own = createProgram("own.wasm", assemble(text));
    await expect(newMachine().run(own, "fill", { processors: 2, arguments: [1] })).rejects.toThrow(
      "Cannot run fill of own.wasm: received 2 processors and a memory that is not shared; expected 1",
    );
  });
});

describe("NativeRunOptions.timeLimit", () => {
  test("NativeRunOptions.timeLimit asks the program to stop, and all results come", async () => {
    const memory = createMemory(program);
    const stop = () => void Atomics.store(new Int32Array(memory.buffer), 0, 1);
    const timeLimit = { duration: 20e6, stop, patience: 60e9 };
    const run = await newMachine().run(program, "count_until_told", { processors: 2, memory, timeLimit });
    expect(run.cutOff).toEqual([]);
    for (const time of run.durations) expect(time).toBeGreaterThan(0);
  });

  test.each(["count_for_ever", "sleep_for_ever"])("NativeRunOptions.timeLimit cuts off %s", async (entry) => {
    const native = newMachine();
    const memory = createMemory(program);
    const timeLimit = { duration: 10e6, stop() {}, patience: 200e6 };
    const run = await native.run(program, entry, { processors: 2, memory, timeLimit });
    expect(run.cutOff).toEqual([0, 1]);
    expect(run.results).toEqual([undefined, undefined]);
    expect(run.durations).toEqual([undefined, undefined]);
    expect(await isStill(memory)).toBe(true);
    expect((await native.run(program, "who", { processors: 3, arguments: [1] })).results).toEqual([3, 4, 5]);
  });
});

describe("RunOptions.signal", () => {
  test("RunOptions.signal that is aborted already starts nothing", async () => {
    const reason = new Error("too late");
    const options = { processors: 2, signal: AbortSignal.abort(reason) };
    expect(await rejection(newMachine().run(program, "count_for_ever", options))).toBe(reason);
  });

  test.each(["count_for_ever", "sleep_for_ever"])("RunOptions.signal ends %s with its reason", async (entry) => {
    const native = newMachine();
    const memory = createMemory(program);
    await native.run(program, "nothing", { processors: 2 });
    const controller = new AbortController();
    const reason = new Error("enough");
    setTimeout(() => controller.abort(reason), 30);
    const options = { processors: 2, memory, signal: controller.signal };
    expect(await rejection(native.run(program, entry, options))).toBe(reason);
    expect(await isStill(memory)).toBe(true);
    expect((await native.run(program, "who", { processors: 2, arguments: [1] })).results).toEqual([2, 3]);
  });

  test("RunOptions.signal that is aborted while threads start ends the run, too", async () => {
    const native = newMachine();
    const memory = createMemory(program);
    const controller = new AbortController();
    const reason = new Error("changed my mind");
    const run = native.run(program, "count_until_told", { processors: 2, memory, signal: controller.signal });
    controller.abort(reason);
    // Without this a machine that did not hear the signal would count for ever.
    const rescue = setTimeout(() => Atomics.store(new Int32Array(memory.buffer), 0, 1), 2000);
    const outcome = await run.catch((error) => error);
    clearTimeout(rescue);
    expect(outcome).toBe(reason);
    expect(Atomics.load(new Int32Array(memory.buffer), 0), "told to end by the rescue").toBe(0);
    expect(await isStill(memory)).toBe(true);
  });
});

describe("NativeMachine.close", () => {
  test.each([0, 2])("NativeMachine.close ends a run that is starting, %d threads being there", async (present) => {
    const machine = newMachine();
    if (present > 0) await machine.run(program, "nothing", { processors: present });
    const run = rejection(machine.run(program, "count_for_ever", { processors: 2 }));
    await machine.close();
    expect((await run).message).toMatch(/the machine was closed|exited/);
    const { results } = await machine.run(program, "who", { processors: 2, arguments: [10] });
    expect(results).toEqual([2, 12]);
  });

  test("NativeMachine.close ends a run that is under way", async () => {
    const native = newMachine();
    const memory = createMemory(program);
    await native.run(program, "nothing", { processors: 2 });
    const run = rejection(native.run(program, "count_for_ever", { processors: 2, memory }));
    await sleep(30);
    await native.close();
    expect((await run).message).toMatch(/^Cannot run count_for_ever of small\.wasm: processor \d failed/);
    expect(await isStill(memory)).toBe(true);
  });

  test.each([
    ["closed", "await native.close();"],
    ["left open and idle", ""],
  ])("NativeMachine lets the process exit when it is %s", async (_, end) => {
    const url = (path: string) => JSON.stringify(new URL(`../../../packages/machines/dist/${path}`, import.meta.url));
    const script = `
      import { NativeMachine } from ${url("machines/native/machine.js")};
      import { loadKernel } from ${url("program/kernel.js")};
      const native = new NativeMachine();
      const { results } = await native.run(await loadKernel(), "home", { processors: 4, arguments: [0] });
      ${end}
      console.log(results.length, "results");`;
    const child = promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], { timeout: 60_000 });
    expect((await child).stdout).toBe("4 results\n");
  });
});
