// How fast the simulated machine is: memory references a second of processor time through the caches of 16 processors,
// by machine; and host time and memory against the number of processors, for a lock and a barrier on one machine that
// is let grow.
import { cpus, loadavg } from "node:os";
import binaryen from "binaryen";
import { Experiments } from "#machines/experiments/experiment.js";
import { MEASURED } from "#machines/experiments/kinds/index.js";
import { createProgram, loadKernel, summarize } from "#machines/index.js";
import type { MachineDescription } from "#machines/machines/presets/description.js";
import { PRESETS } from "#machines/machines/presets/index.js";
import { SimulatedMachine } from "#machines/machines/simulated/machine.js";

/** The engine compiles during the first two or three. */
const REPETITIONS = 9;
const PROCESSORS = 16;
const TURNS = 100_000;
const REFERENCES_GOAL = 10e6;

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

const module_ = binaryen.parseText(PROGRAM);
module_.setFeatures(binaryen.Features.Atomics);
const program = createProgram("sharing.wasm", new Uint8Array(module_.emitBinary()));

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
