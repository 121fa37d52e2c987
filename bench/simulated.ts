// How fast the simulated machine is: memory references a second of processor time through the caches of 16 processors,
// by machine; the same of processes of a kernel, and instructions a second of one that refers to nothing; and host time and memory against the number of processors, for a lock and a barrier on one machine that
// is let grow.
import { cpus, loadavg } from "node:os";
import binaryen from "binaryen";
import { Experiments } from "#machines/experiments/experiment.js";
import { MEASURED } from "#machines/experiments/kinds/index.js";
import { createProgram, loadKernel, type Program, summarize } from "#machines/index.js";
import type { MachineDescription } from "#machines/machines/presets/description.js";
import { PRESETS } from "#machines/machines/presets/index.js";
import { SimulatedMachine } from "#machines/machines/simulated/machine.js";
import { bootMachine } from "#machines/machines/simulated/privileged/boot.js";

/** The engine compiles during the first two or three. */
const REPETITIONS = 9;
const PROCESSORS = 16;
const TURNS = 100_000;
const REFERENCES_GOAL = 10e6;
const BOOTED_REFERENCES_GOAL = 5e6;
const STRAIGHT_GOAL = 60e6;

/**
 * Each processor adds to the words of a block of its own, 2 KiB, and now and then to one of 8 shared lines: two
 * references in a turn of 12 instructions.
 */
const PROGRAM = `(module
  (import "env" "memory" (memory 4 4 shared))
  (import "machine" "processor" (func $processor (result i32)))
  (func (export "run") (param $turns i32) (local $base i32) (local $address i32)
    (local.set $base (i32.add (i32.const 65536) (i32.mul (call $processor) (i32.const 2048))))
    (loop $again
      (local.set $address
        (i32.add (local.get $base) (i32.and (i32.mul (local.get $turns) (i32.const 68)) (i32.const 2044))))
      (i32.store (local.get $address) (i32.add (i32.load (local.get $address)) (local.get $turns)))
      (if (i32.eqz (i32.and (local.get $turns) (i32.const 63)))
        (then (drop (i32.atomic.rmw.xchg (i32.and (local.get $turns) (i32.const 448)) (local.get $turns)))))
      (br_if $again (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))))`;

/** Computes without a reference: 5 instructions a turn. */
const STRAIGHT = `(module
  (import "env" "memory" (memory 1 1 shared))
  (func (export "run") (param $turns i32) (local $value i32)
    (loop $again
      (local.set $value (i32.add (i32.mul (local.get $value) (i32.const 17)) (local.get $turns)))
      (br_if $again (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))))`;

/**
 * Each processor calls the export that is the arguments' number with as many turns as follow, in a space that all share;
 * pages are mapped where they are missed, and a timer interrupts every 150,000 cycles. The last one stops the machine.
 */
const KERNEL = `(module
  (import "env" "memory" (memory 1 65536 shared))
  (import "machine" "processor" (func $processor (result i32)))
  (import "machine" "processors" (func $processors (result i32)))
  (import "machine" "create_instance" (func $create_instance (param i32 i32) (result i32)))
  (import "machine" "set_space" (func $set_space (param i32 i32)))
  (import "machine" "set_processor" (func $set_processor (param i32 i32)))
  (import "machine" "call" (func $call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "machine" "abandon" (func $abandon (param i32)))
  (import "machine" "write_translation" (func $write_translation (param i32 i32 i32)))
  (import "machine" "set_timer" (func $set_timer (param i32)))
  (import "machine" "enable_interrupts" (func $enable_interrupts (param i32) (result i32)))
  (import "machine" "idle" (func $idle))
  (import "machine" "io" (func $io (param i32 i32 i32 i32) (result i32)))
  (func (export "boot") (param $information i32) (local $arguments i32)
    (local.set $arguments (i32.load offset=40 (local.get $information)))
    (call $set_space (i32.const 0) (i32.const 0))
    (call $set_processor (call $processor) (call $processors))
    (call $set_timer (i32.const 150000))
    (drop (call $call (call $create_instance (i32.const 1) (i32.const 0)) (i32.load8_u (local.get $arguments))
      (i32.mul (i32.load8_u offset=1 (local.get $arguments)) (i32.const 10000))
      (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))
    (if (i32.eq (i32.atomic.rmw.add (i32.const 64) (i32.const 1)) (i32.sub (call $processors) (i32.const 1)))
      (then (drop (call $io (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 0)))))
    (drop (call $enable_interrupts (i32.const 1)))
    (loop $again (call $idle) (br $again)))
  (func (export "handle_trap") (param $cause i32) (param $page i32) (param $access i32) (param i32 i32 i32) (result i32)
    (if (local.get $cause) (then (call $abandon (i32.const 1))))
    (call $write_translation (i32.const 0) (local.get $page)
      (select (i32.const 1) (i32.add (i32.mul (local.get $page) (i32.const PAGE)) (i32.const 0x100003))
        (i32.eq (local.get $access) (i32.const 2))))
    (i32.const 0))
  (func (export "handle_interrupt") (param i32 i32) (call $set_timer (i32.const 150000))))`;

function assemble(name: string, text: string): Program {
  const module_ = binaryen.parseText(text);
  module_.setFeatures(binaryen.Features.Atomics);
  return createProgram(name, new Uint8Array(module_.emitBinary()));
}

const program = assemble("sharing.wasm", PROGRAM);

function preset(name: string): MachineDescription {
  return PRESETS.find((machine) => machine.name === name)!;
}

console.log(
  `${cpus()[0]?.model}, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(2)}, Node ${process.versions.node}`,
);
console.log(`${PROCESSORS} processors, references through caches, goal ${REFERENCES_GOAL / 1e6} million/s`);
for (const description of ["symmetry", "numachine", "dash", "server"].map(preset)) {
  const machine = new SimulatedMachine(description);
  const rates: number[] = [];
  let hits = 0;
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const start = process.cpuUsage();
    const run = await machine.run(program, "run", { processors: PROCESSORS, arguments: [TURNS], seed: repetition });
    const seconds = process.cpuUsage(start).user / 1e6;
    const references = run.processors.reduce((sum, each) => sum + each.references, 0);
    hits = run.processors.reduce((sum, each) => sum + each.hits, 0) / references;
    rates.push(references / seconds);
  }
  const { median, minimum, maximum } = summarize(rates)!;
  const [middle, least, most] = [median, minimum, maximum].map((rate) => (rate / 1e6).toFixed(1));
  console.log(
    `  ${description.name.padEnd(10)} ${middle} (${least}..${most}) million references/s, ${(hits * 100).toFixed(1)} % hits` +
      (median < REFERENCES_GOAL ? ", goal not reached" : ""),
  );
}

/** References and instructions a second of processor time, of as many processors. */
async function boot(description: MachineDescription, image: Program, entry: number, turns: number, processors: number) {
  const kernel = assemble("kernel.wasm", KERNEL.replace("PAGE", String(description.privileged!.page)));
  const rates: Record<"references" | "instructions", number>[] = [];
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const start = process.cpuUsage();
    const run = await bootMachine(description, kernel, {
      processors,
      images: [image],
      arguments: String.fromCharCode(entry, turns / 10_000),
      seed: repetition,
    });
    const seconds = process.cpuUsage(start).user / 1e6;
    const total = (what: "references" | "instructions") => run.processors.reduce((sum, each) => sum + each[what], 0);
    rates.push({ references: total("references") / seconds, instructions: total("instructions") / seconds });
  }
  return (what: "references" | "instructions", goal: number) => {
    const { median, minimum, maximum } = summarize(rates.map((rate) => rate[what]))!;
    const [middle, least, most] = [median, minimum, maximum].map((rate) => (rate / 1e6).toFixed(1));
    const reached = median < goal ? ", goal not reached" : "";
    return `${middle} (${least}..${most}) million ${what}/s, goal ${goal / 1e6}${reached}`;
  };
}

console.log(`\n${PROCESSORS} processors, the same program as processes of a kernel`);
for (const description of PRESETS.filter(({ privileged, processor }) => {
  return privileged?.reload === "software" && processor.maximum >= PROCESSORS;
})) {
  const said = await boot(description, program, 1, TURNS, PROCESSORS);
  console.log(`  ${description.name.padEnd(10)} ${said("references", BOOTED_REFERENCES_GOAL)}`);
}
const straight = await boot(preset("numachine"), assemble("straight.wasm", STRAIGHT), 0, 2_550_000, 1);
console.log(`  straight code in user mode: ${straight("instructions", STRAIGHT_GOAL)}`);

const dash = preset("dash");
const large = new SimulatedMachine({
  ...dash,
  name: "large",
  title: "DASH with 4096 processors and every read-modify-write",
  processor: { ...dash.processor, maximum: 4096 },
  readModifyWrite: {
    ...dash.readModifyWrite,
    instructions: ["exchange", "add", "subtract", "and", "or", "xor", "compare exchange"],
    withoutResult: [],
  },
});
const kernel = await loadKernel();
const experiments = new Experiments(large, kernel);
console.log(`\n${large.title}: host seconds and cycles an operation`);
for (const [name, turns, counts] of [
  ["mcs", 16, [16, 64, 256, 1024]],
  ["dissemination", 10, [16, 64, 256, 1024, 4096]],
] as const) {
  const algorithm = kernel.algorithms.find((candidate) => candidate.name === name)!;
  for (const processors of counts) {
    const start = performance.now();
    const { elapsed, done } = await experiments.workload(algorithm, { processors, turns, seed: 1 });
    const seconds = (performance.now() - start) / 1e3;
    const operations = MEASURED[algorithm.kind].operations(done);
    const mebibytes = process.resourceUsage().maxRSS / 1024;
    console.log(
      `  ${name.padEnd(14)} P=${String(processors).padEnd(5)} ${seconds.toFixed(1).padStart(6)} s  ` +
        `${(elapsed / operations).toFixed(0).padStart(7)} cycles  ${mebibytes.toFixed(0).padStart(5)} MiB at most so far`,
    );
  }
}
