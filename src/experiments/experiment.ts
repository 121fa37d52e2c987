import type { NativeMachine, NativeRun } from "../machines/native/machine.js";
import { type Algorithm, entryPrefix, type Kernel, type KernelExports } from "../program/kernel.js";
import { createMemory } from "../program/program.js";
import { call, hostInstance } from "./kernel-host.js";

/** Turns without a limit; the kernel's FOREVER. */
const FOREVER = 0xffffffff;
/** Milliseconds that processors get to end by themselves: a queue of many threads drains one time slice each. */
const PATIENCE = 2000;

/** How a workload is run. */
export interface WorkloadOptions {
  /** 1 to 1024. */
  readonly processors: number;
  /** Milliseconds after which the workload is asked to stop, above 0. */
  readonly milliseconds: number;
  /** What random delays begin with; a 32-bit word. */
  readonly seed: number;
  /** Cycles in a critical section, 0 to 2^32 - 1. Default: 0. */
  readonly busy?: number;
  /** Mean cycles between turns, uniform from 0 to twice that; 0 to 2^31 - 1. Default: 0. */
  readonly think?: number;
  /** Whether waits are timed, which costs two looks at the clock each, and barriers checked. Default: false. */
  readonly observed?: boolean;
  readonly signal?: AbortSignal;
}

/** What the processors of one run recorded. */
export interface WorkloadResult {
  /**
   * Nanoseconds from the first processor's begin to the last one's end. Where processors were cut off, to the moment at
   * which all were asked to stop.
   */
  readonly elapsed: number;
  /** Turns finished in that time, by processor: acquisitions, episodes or additions. */
  readonly done: readonly number[];
  /** Nanoseconds, by processor, with waits that were cut off; 0 unless observed. */
  readonly longestWaits: readonly number[];
  /** Nanoseconds, by processor; 0 unless observed. */
  readonly totalWaits: readonly number[];
  /** Processors that had to be ended because they did not stop. */
  readonly cutOff: readonly number[];
}

/** Runs the kernel's workloads on a machine, one at a time, in one memory. */
export class Experiments {
  readonly #machine: NativeMachine;
  readonly #kernel: Kernel;
  readonly #memory: WebAssembly.Memory;
  readonly #host: KernelExports;

  constructor(machine: NativeMachine, kernel: Kernel) {
    this.#machine = machine;
    this.#kernel = kernel;
    this.#memory = createMemory(kernel);
    this.#host = hostInstance(kernel, this.#memory);
  }

  /**
   * Runs an algorithm's workload by time.
   *
   * @throws {Error} what the machine's run throws; and if a lock let two processors in at once: the count that it protects
   * differs from the acquisitions
   */
  async workload({ name, kind }: Algorithm, options: WorkloadOptions): Promise<WorkloadResult> {
    const { processors, milliseconds, seed, busy = 0, think = 0, observed = false, signal } = options;
    const host = this.#host;
    host.boot(processors);
    const experiment = call(host, name, "prepare", processors, FOREVER, busy, think, observed ? 1 : 0, seed);
    const each = (read: (experiment: number, processor: number) => number) =>
      Array.from({ length: processors }, (_, processor) => read(experiment, processor));
    // Through >>> 0: the engine hands out 32-bit results as signed.
    const readDone = () => each((e, p) => host.experiment_done(e, p) >>> 0);
    let atStop = { elapsed: 0, done: readDone() };
    const stop = (elapsed: number) => {
      atStop = { elapsed, done: readDone() };
      host.experiment_stop(experiment);
    };
    const run = await this.#machine.run(this.#kernel, `${entryPrefix(name)}_run`, {
      processors,
      arguments: [experiment],
      memory: this.#memory,
      timeLimit: { milliseconds, stop, patience: PATIENCE },
      ...(signal && { signal }),
    });
    const whole = run.cutOff.length === 0;
    const done = readDone();
    const acquisitions = done.reduce((a, b) => a + b, 0);
    if (kind === "lock" && whole && host.experiment_protected(experiment) !== acquisitions) {
      throw new Error(
        `Cannot measure ${name}: received ${host.experiment_protected(experiment)} protected additions; ` +
          `expected ${acquisitions} (${processors} processors, seed ${seed})`,
      );
    }
    const openWaits = each(host.experiment_waiting_since).map((since) => (since > 0 ? run.end - since : 0));
    return {
      ...(whole
        ? { elapsed: Math.max(...each(host.experiment_end)) - Math.min(...each(host.experiment_begin)), done }
        : atStop),
      longestWaits: each(host.experiment_longest_wait).map((wait, processor) => Math.max(wait, openWaits[processor]!)),
      totalWaits: each(host.experiment_total_wait),
      cutOff: run.cutOff,
    };
  }

  /**
   * Nanoseconds of an uncontended acquire and release by one processor. The lock is made for two: for one, Anderson's
   * array would have a single slot, which no real lock has.
   */
  async latency({ name }: Algorithm, pairs: number, signal?: AbortSignal): Promise<number> {
    this.#host.boot(2);
    const lock = call(this.#host, name, "create", 2);
    const run = await this.#alone(name, "pairs", [lock, call(this.#host, name, "attach", lock, 0), pairs], signal);
    return run.nanoseconds[0]! / pairs;
  }

  /** Nanoseconds of reading a counter for `processors` processors while nobody adds. */
  async read(
    { name }: Algorithm,
    processors: number,
    reads: number,
    exact: boolean,
    signal?: AbortSignal,
  ): Promise<number> {
    this.#host.boot(processors);
    const run = await this.#alone(
      name,
      "reads",
      [call(this.#host, name, "create", processors), reads, exact ? 1 : 0],
      signal,
    );
    return run.nanoseconds[0]! / reads;
  }

  /** Bytes of memory that the algorithm takes for `processors` processors, with padding. */
  space({ name }: Algorithm, processors: number): number {
    const host = this.#host;
    host.boot(processors);
    const object = call(host, name, "create", processors);
    for (let processor = 0; processor < processors; processor++) call(host, name, "attach", object, processor);
    return host.allocated();
  }

  #alone(name: string, entry: string, parameters: number[], signal: AbortSignal | undefined): Promise<NativeRun> {
    return this.#machine.run(this.#kernel, `${entryPrefix(name)}_${entry}`, {
      processors: 1,
      arguments: parameters,
      memory: this.#memory,
      ...(signal && { signal }),
    });
  }
}
