// What a processor does a second, and where the time goes: instructions in straight code, and stops with their accesses
// to memory performed, by the kernel's own MCS lock and by the longest loop of additions.

import binaryen from "assemblyscript/binaryen";
import { summarize } from "#machines/index.js";
import { GuestMemory } from "#machines/processor/memory.js";
import { Processors, STOP } from "#machines/processor/processors.js";
import { loadKernel } from "#machines/program/kernel.js";
import { createMemory, createProgram, type Program } from "#machines/program/program.js";
import { createRegisterCode } from "#machines/wasm/register-code.js";

const REPETITIONS = 7;
const INSTRUCTION_GOAL = 60e6;
const STOP_GOAL = 10e6;

/** Straight code: a long body of dependent and independent operations, in a loop. */
const STRAIGHT = `(module
  (func (export "straight") (param $turns i32) (result i32) (local $a i32) (local $b i32) (local $c i64)
    (loop $again
      ${`(local.set $a (i32.add (local.get $a) (i32.mul (local.get $b) (i32.const 31))))
      (local.set $b (i32.xor (local.get $b) (i32.shr_u (local.get $a) (i32.const 3))))
      (local.set $c (i64.add (local.get $c) (i64.extend_i32_u (local.get $a))))`.repeat(8)}
      (br_if $again (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))
    (i32.add (local.get $a) (i32.wrap_i64 (local.get $c)))))`;

/** A processor that performs its accesses at once. */
class Runner {
  readonly #processors: Processors;
  readonly #guest: GuestMemory;
  readonly #entries: ReadonlyMap<string, { readonly index: number }>;
  instructions = 0;
  stops = 0;

  constructor({ bytes }: Program, memory: WebAssembly.Memory) {
    const code = createRegisterCode(bytes);
    this.#guest = new GuestMemory(memory);
    this.#entries = code.module.exports;
    this.#processors = new Processors(code, 1, this.#guest.size, {
      machine: {
        processor: { kind: "constant per processor", value: () => 0 },
        processors: { kind: "constant per processor", value: () => 1 },
        pause: { kind: "delay", cycles: 1 },
        work: { kind: "delay by argument" },
      },
    });
  }

  call(name: string, ...parameters: readonly number[]): number {
    const processors = this.#processors;
    const guest = this.#guest;
    const { stop } = processors;
    processors.begin(0, this.#entries.get(name)!.index, parameters);
    for (let low = 0, high = 0; ; this.stops++) {
      const kind = processors.run(0, low, high);
      this.instructions += stop.instructions;
      if (kind === STOP.returned) return Number(processors.results(0)[0] ?? 0);
      if (kind === STOP.trap) throw new Error(processors.trapMessage(0));
      if (kind === STOP.memorySize) low = guest.size / 65536;
      if (kind === STOP.memoryGrow) {
        low = guest.memory.grow(stop.low);
        guest.refresh();
        processors.setMemoryBytes(guest.size);
      }
      if (kind > STOP.compareExchange) continue;
      guest.perform(kind, stop);
      low = guest.low;
      high = guest.high;
    }
  }
}

function assemble(text: string): Uint8Array<ArrayBuffer> {
  const module = binaryen.parseText(text);
  const bytes = new Uint8Array(module.emitBinary());
  module.dispose();
  return bytes;
}

/** Prints how many a second: the median of the repetitions, after two to warm up. */
function measure(what: string, unit: string, goal: number, once: () => number): void {
  const rates: number[] = [];
  for (let repetition = -2; repetition < REPETITIONS; repetition++) {
    const start = performance.now();
    const rate = (once() / (performance.now() - start)) * 1e3;
    if (repetition >= 0) rates.push(rate);
  }
  const { median, minimum, maximum } = summarize(rates)!;
  const [middle, least, most] = [median, minimum, maximum].map((rate) => (rate / 1e6).toFixed(1));
  const missed = median < goal ? ", goal not reached" : "";
  console.log(`${what.padEnd(34)} ${middle} (${least}..${most}) million ${unit}/s, goal ${goal / 1e6}${missed}`);
}

const straight = createProgram("straight.wasm", assemble(STRAIGHT));
const runner = new Runner(straight, createMemory(straight));
measure("straight code", "instructions", INSTRUCTION_GOAL, () => {
  runner.instructions = 0;
  runner.call("straight", 1_000_000);
  return runner.instructions;
});

const kernel = await loadKernel();
const locks = new Runner(kernel, createMemory(kernel));
locks.call("boot", 1);
const lock = locks.call("mcs_create", 1);
const record = locks.call("mcs_attach", lock, 0);
const pairs = () => locks.call("mcs_pairs", lock, record, 1_000_000);
measure("mcs_pairs, accesses performed", "stops", STOP_GOAL, () => {
  locks.stops = 0;
  pairs();
  return locks.stops;
});
measure("mcs_pairs, accesses performed", "instructions", INSTRUCTION_GOAL, () => {
  locks.instructions = 0;
  pairs();
  return locks.instructions;
});
