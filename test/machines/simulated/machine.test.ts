import binaryen from "assemblyscript/binaryen";
import { describe, expect, it } from "vitest";
import type { MachineDescription } from "#machines/machines/presets/description.js";
import { SimulatedMachine, type SimulatedRunOptions } from "#machines/machines/simulated/machine.js";
import { UnfinishedError } from "#machines/machines/simulated/simulate.js";
import { createProgram, type Program } from "#machines/program/program.js";
import { preset } from "./kernel-runs.js";

/** A program whose processors share one page, with all machine instructions at hand. */
function assemble(functions: string): Program {
  const module = binaryen.parseText(`(module
    (import "env" "memory" (memory 1 4 shared))
    (import "machine" "processor" (func $processor (result i32)))
    (import "machine" "clock" (func $clock (result f64)))
    (import "machine" "mark" (func $mark (param i32 i32)))
    (import "machine" "work" (func $work (param i32)))
    ${functions})`);
  module.setFeatures(binaryen.Features.All);
  binaryen.setDebugInfo(true);
  const bytes = new Uint8Array(module.emitBinary());
  module.dispose();
  return createProgram("test.wasm", bytes);
}

const on = (machine: string | MachineDescription, program: Program, entry: string, options: SimulatedRunOptions) =>
  new SimulatedMachine(typeof machine === "string" ? preset(machine) : machine).run(program, entry, options);

const ENDLESS = assemble(`
  (func $compute (export "compute") (loop $l (br $l)))
  (func $fence (export "fence") (loop $l (atomic.fence) (br $l)))
  (func $tell (export "tell") (loop $l (call $mark (i32.const 1) (i32.const 1)) (drop (call $clock)) (br $l)))
  (func $load (export "load") (loop $l (drop (i32.load (i32.const 0))) (br $l)))
  (func $store (export "store") (loop $l (i32.store (i32.const 0) (i32.const 1)) (br $l)))
  (func $size (export "size") (loop $l (drop (memory.size)) (br $l)))
  (func $many (export "many") (param i32)
    (loop $l
      (i32.store (i32.const 0) (local.get 0))
      (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (call $work (i32.const 1000)))`);

describe("SimulatedMachine.run of programs without an end", () => {
  it.each(["compute", "fence", "tell", "store", "size"])(
    "SimulatedMachine.run stops %s after its cycles and says where every processor is",
    async (entry) => {
      for (const processors of [1, 2]) {
        const run = on("dash", ENDLESS, entry, { processors, cycles: 50_000 });
        await expect(run).rejects.toThrow(UnfinishedError);
        const places = Array.from({ length: processors }, (_, i) => `\n  processor ${i} in ${entry}`).join("");
        await expect(run).rejects.toThrow(
          `Cannot finish ${entry} of test.wasm: it has not ended after 50000 cycles:${places}`,
        );
      }
    },
  );

  it.each(["compute", "fence", "tell", "store", "size"])(
    "SimulatedMachine.run of %s, alone, lets this thread's other work stop it",
    async (entry) => {
      const reason = new Error("enough");
      const controller = new AbortController();
      setTimeout(() => controller.abort(reason), 100);
      await expect(on("dash", ENDLESS, entry, { processors: 1, signal: controller.signal })).rejects.toBe(reason);
    },
  );

  it("SimulatedMachine.run ends in exactly its cycles or not at all", async () => {
    const options = { processors: 1, arguments: [5000] };
    const { elapsed } = await on("dash", ENDLESS, "many", options);
    expect((await on("dash", ENDLESS, "many", { ...options, cycles: elapsed })).elapsed).toBe(elapsed);
    for (const cycles of [elapsed - 1, elapsed - 1100, 2000]) {
      await expect(on("dash", ENDLESS, "many", { ...options, cycles })).rejects.toThrow(`after ${cycles} cycles`);
    }
  });

  it("SimulatedMachine.run says that every processor waits", async () => {
    const program = assemble(`(func $sleep (export "sleep")
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))`);
    await expect(on("dash", program, "sleep", { processors: 2 })).rejects.toThrow(
      "every processor waits for what no other will do:\n  processor 0 in sleep\n  processor 1 in sleep",
    );
    await expect(on("dash", ENDLESS, "load", { processors: 1, cycles: 50_000 })).rejects.toThrow(
      "every processor waits for what no other will do:\n  processor 0 in load",
    );
  });
});

describe("SimulatedMachine.run of spinning processors", () => {
  it("SimulatedMachine.run parks one that computes for long between its looks, with the same measurements", async () => {
    const program = assemble(`(func (export "wait") (result i32) (local $i i32)
      (if (call $processor)
        (then (call $work (i32.const 3000000)) (i32.atomic.store (i32.const 0) (i32.const 7)))
        (else
          (loop $look
            (local.set $i (i32.const 90000))
            (loop $delay (br_if $delay (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
            (br_if $look (i32.eqz (i32.atomic.load (i32.const 0)))))))
      (i32.load (i32.const 0)))`);
    const parked = await on("dash", program, "wait", { processors: 2 });
    const simulated = await on("dash", program, "wait", { processors: 2, parking: false });
    expect(parked.results).toEqual([7, 7]);
    expect(parked.processors).toEqual(simulated.processors);
    expect(parked.durations).toEqual(simulated.durations);
  });

  it("SimulatedMachine.run lets one see that another has made the memory larger", async () => {
    const program = assemble(`(func (export "wait") (result i32)
      (if (call $processor)
        (then (call $work (i32.const 5000)) (drop (memory.grow (i32.const 1))))
        (else
          (loop $look
            (drop (i32.load (i32.const 0)))
            (br_if $look (i32.eq (memory.size) (i32.const 1))))))
      (memory.size))`);
    const run = await on("dash", program, "wait", { processors: 2, cycles: 100_000 });
    expect(run.results).toEqual([2, 2]);
    expect(run.memory.buffer.byteLength).toBe(2 * 65536);
  });
});

describe("SimulatedMachine.run of memory.atomic.wait", () => {
  const WAITS = assemble(`
    (func (export "once") (param i32 i64) (result i32)
      (memory.atomic.wait32 (i32.const 0) (local.get 0) (local.get 1)))
    ;; Processor 0 sleeps twice: 1 wakes it from the first sleep, whose time limit ends during the second.
    (func (export "twice") (result i32) (local $first i32)
      (if (result i32) (call $processor)
        (then
          (call $work (i32.const 1000))
          (local.set $first (memory.atomic.notify (i32.const 0) (i32.const 1)))
          (call $work (i32.const 20000))
          (i32.add
            (i32.mul (local.get $first) (i32.const 10))
            (memory.atomic.notify (i32.const 0) (i32.const 1))))
        (else
          (local.set $first (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 100000)))
          (i32.add
            (i32.mul (local.get $first) (i32.const 10))
            (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))))`);

  it.each(["dash", "cluster"])(
    "SimulatedMachine.run of %s lets no processor sleep if memory has another value, or for no time",
    async (machine) => {
      const different = await on(machine, WAITS, "once", { processors: 1, arguments: [1, -1n] });
      expect(different.results).toEqual([1]);
      const instant = await on(machine, WAITS, "once", { processors: 1, arguments: [0, 0n] });
      expect(instant.results).toEqual([2]);
      expect(instant.elapsed).toBe(different.elapsed);
    },
  );

  it("SimulatedMachine.run wakes a processor after its nanoseconds, by the machine's clock", async () => {
    const run = await on("dash", WAITS, "once", { processors: 1, arguments: [0, 1_000_000n] });
    expect(run.results).toEqual([2]);
    const slept = 1000 * preset("dash").processor.megahertz;
    expect(run.elapsed).toBeGreaterThan(slept);
    expect(run.elapsed).toBeLessThan(slept + 500);
  });

  it("SimulatedMachine.run does not end a later sleep at an earlier one's time limit", async () => {
    const run = await on("dash", WAITS, "twice", { processors: 2 });
    expect(run.results).toEqual([0, 11]);
    expect(run.durations[0]).toBeGreaterThan(20_000);
  });
});

describe("SimulatedMachine.run of accesses", () => {
  /** Each processor adds 1 to a counter that all share, so many times. */
  const COUNT = assemble(`(func (export "count") (param $times i32) (result i32)
    (loop $again
      (drop (i32.atomic.rmw.add (i32.const 128) (i32.const 1)))
      (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
    (i32.load (i32.const 128)))`);

  it("SimulatedMachine.run does a load-linked and a store-conditional again if the line was lost in between", async () => {
    const numachine = preset("numachine");
    const { linked, ...whole } = numachine.readModifyWrite;
    expect(linked).toBe(true);
    const [processors, times] = [8, 100];
    const count = async (machine: MachineDescription) => {
      const run = await on(machine, COUNT, "count", { processors, arguments: [times] });
      expect(Math.max(...(run.results as number[]))).toBe(processors * times);
      const sum = (of: "reads" | "readModifyWrites") => run.processors.reduce((total, each) => total + each[of], 0);
      return { loads: sum("reads") - processors, stores: sum("readModifyWrites") };
    };
    const alone = await on(numachine, COUNT, "count", { processors: 1, arguments: [times] });
    expect(alone.processors[0]).toMatchObject({ reads: times + 1, readModifyWrites: times });
    expect(await count({ ...numachine, readModifyWrite: whole })).toEqual({ loads: 0, stores: processors * times });
    const { loads, stores } = await count(numachine);
    expect(loads).toBeGreaterThan(processors * times);
    // One that is refused is not counted.
    expect(stores).toBe(processors * times);
  });

  const STRADDLE = assemble(`(func (export "straddle") (param $address i32) (result i64)
    (i64.store (local.get $address) (i64.const 0x1122334455667788))
    (i32.store8 (i32.add (local.get $address) (i32.const 5)) (i32.const 0xff))
    (i64.load (local.get $address)))`);

  it.each(["symmetry", "dash", "numachine", "server", "butterfly"])(
    "SimulatedMachine.run of %s makes two references of an access that lies in two lines",
    async (machine) => {
      const references = async (address: number) => {
        const run = await on(machine, STRADDLE, "straddle", { processors: 1, arguments: [address] });
        expect(run.results).toEqual([0x1122ff4455667788n]);
        return run.processors[0]!.references;
      };
      expect(await references(256)).toBe(3);
      expect(await references(1024 - 4)).toBe(machine === "butterfly" ? 3 : 5);
    },
  );
});

describe("SimulatedMachine.run with marks", () => {
  // Hits in lines of their own: nothing keeps processors from running ahead of each other but their marks.
  const MARKING = assemble(`
    (global (export "Event.First") i32 (i32.const 0))
    (global (export "Event.Second") i32 (i32.const 1))
    (func (export "run") (param $turns i32) (local $own i32)
      (local.set $own (i32.mul (i32.add (call $processor) (i32.const 1)) (i32.const 256)))
      (loop $again
        (i32.store (local.get $own) (i32.const 1))
        (i32.store (local.get $own) (i32.const 2))
        (i32.store (local.get $own) (local.get $turns))
        (call $mark (call $processor) (local.get $turns))
        (br_if $again (local.tee $turns (i32.sub (local.get $turns) (i32.const 1))))))`);

  it.each(["symmetry", "dash", "numachine", "server"])(
    "SimulatedMachine.run on %s passes on each processor's own marks, by their names, in order of time",
    async (machine) => {
      const [processors, turns] = [8, 50];
      const marks: { processor: number; event: string; value: number; time: number }[] = [];
      const onMark = (processor: number, event: string, value: number, time: number) =>
        marks.push({ processor, event, value, time });
      await on(machine, MARKING, "run", { processors, arguments: [turns], onMark });
      for (let index = 0; index < processors; index++) {
        const own = marks.filter(({ processor }) => processor === index);
        expect(own.map(({ event }) => event)).toEqual(
          new Array(turns).fill(["First", "Second"][index] ?? String(index)),
        );
        expect(own.map(({ value }) => value)).toEqual(Array.from({ length: turns }, (_, i) => turns - i));
      }
      const times = marks.map(({ time }) => time);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    },
  );
});
