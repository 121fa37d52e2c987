import { MEASURED } from "#machines/experiments/kinds/index.js";
import {
  type Algorithm,
  createMemory,
  Experiments,
  type Kernel,
  moduleOf,
  type NativeMachine,
  WITHOUT_MESSAGES,
} from "#machines/index.js";
import type { Probe } from "../comparison.js";
import type { CalledLock } from "./atomics-locks.js";

const PAIRS = 1_000_000;
const TRIPS = 5_000;
const INSTRUCTIONS = 2_000_000;
/** Of a probe: some ten milliseconds in all. */
const SAMPLES = 5;

/** The kernel's side of the contests. */
export class KernelContenders {
  readonly #machine: NativeMachine;
  readonly #kernel: Kernel;
  readonly #memory: WebAssembly.Memory;
  readonly #instance: WebAssembly.Instance;
  readonly #milliseconds: number;

  constructor(machine: NativeMachine, kernel: Kernel, milliseconds: number) {
    this.#machine = machine;
    this.#kernel = kernel;
    this.#memory = createMemory(kernel);
    this.#milliseconds = milliseconds;
    const never = () => {
      throw new Error("Cannot wait: a lock that one thread calls is never contended");
    };
    const own = { processor: () => 0, processors: () => 1, pause: never, work: never, clock: never, counter: never };
    this.#instance = new WebAssembly.Instance(moduleOf(kernel), {
      env: { memory: this.#memory },
      machine: { ...own, ...WITHOUT_MESSAGES, mark: never, invoke: never, result: never, fail: never },
    });
    this.#call("boot", 1);
  }

  algorithm(name: string): Algorithm {
    const algorithm = this.#kernel.algorithms.find((candidate) => candidate.name === name);
    if (!algorithm) throw new Error(`Cannot compare ${name}: received no such algorithm of the kernel`);
    return algorithm;
  }

  /** Nanoseconds of an uncontended pair, the loop inside WebAssembly. */
  pair(name: string): Promise<number> {
    return this.#experiments().latency(this.algorithm(name), PAIRS);
  }

  /** Nanoseconds between acquisitions, episodes or additions of `processors` processors. */
  async operation(name: string, processors: number): Promise<number> {
    const { kind } = this.algorithm(name);
    const { elapsed, done } = await this.#workload(name, processors, false);
    return elapsed / MEASURED[kind].operations(done);
  }

  /** The longest wait of any processor, in nanoseconds, and the fewest acquisitions of one. */
  async worst(name: string, processors: number): Promise<{ longestWait: number; fewest: number }> {
    const { longestWaits, done } = await this.#workload(name, processors, true);
    return { longestWait: Math.max(...longestWaits), fewest: Math.min(...done) };
  }

  /** The lock as JavaScript calls it. */
  called(name: string): CalledLock {
    const entry = name.replaceAll("-", "_");
    const lock = this.#call(`${entry}_create`, 1);
    const record = this.#call(`${entry}_attach`, lock, 0);
    const acquire = this.#instance.exports[`${entry}_acquire`] as (lock: number, record: number) => void;
    const release = this.#instance.exports[`${entry}_release`] as (lock: number, record: number) => void;
    return { acquire: () => acquire(lock, record), release: () => release(lock, record) };
  }

  /** The best of several: what the computer can do, not what it does while another program has a core. */
  async probe(): Promise<Probe> {
    const samples: Probe[] = [];
    while (samples.length < SAMPLES) samples.push(await this.#sample());
    return {
      roundTrip: Math.min(...samples.map(({ roundTrip }) => roundTrip)),
      instructions: Math.max(...samples.map(({ instructions }) => instructions)),
    };
  }

  async #sample(): Promise<Probe> {
    const run = (entry: string, processors: number, ...parameters: number[]) =>
      this.#machine.run(this.#kernel, entry, { processors, arguments: parameters, memory: this.#memory });
    const word = this.#call("shared", 4);
    const trips = await run("probe_round_trips", 2, word, TRIPS);
    const chain = await run("probe_instructions", 1, INSTRUCTIONS);
    return {
      roundTrip: Math.max(...trips.durations.map((time) => time!)) / TRIPS,
      instructions: INSTRUCTIONS / chain.durations[0]!,
    };
  }

  /** In memory of its own each time, as each process of the peers has: which caches' slices lines fall into is luck. */
  #experiments(): Experiments {
    return new Experiments(this.#machine, this.#kernel);
  }

  async #workload(name: string, processors: number, observed: boolean) {
    const result = await this.#experiments().workload(this.algorithm(name), {
      processors,
      duration: this.#milliseconds * 1e6,
      seed: 1,
      observed,
    });
    if (result.cutOff.length > 0) {
      throw new Error(
        `Cannot compare ${name}: processors ${result.cutOff} of ${processors} did not stop by themselves`,
      );
    }
    return result;
  }

  #call(entry: string, ...parameters: number[]): number {
    return (this.#instance.exports[entry] as (...parameters: number[]) => number)(...parameters);
  }
}
