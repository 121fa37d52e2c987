import type { Machine, Run } from "../machines/machine.js";
import { type Algorithm, entryPrefix, type Kernel, type KernelExports } from "../program/kernel.js";
import { createMemory } from "../program/program.js";
import { bystanderLines } from "./bystander-lines.js";
import { Contention } from "./contention.js";
import { call, hostInstance } from "./kernel-host.js";
import { AcquisitionOrder } from "./order.js";
import { executionsIn, type TasksResult } from "./tasks.js";
import { type Traffic, trafficOf } from "./traffic.js";

/** Turns without a limit; the kernel's FOREVER. */
const FOREVER = 0xffffffff;

/** References of each processor that takes no part. */
const BYSTANDER_READS = 32;

/** How a workload is run, and for how long: a time, a number of turns or whichever is over first. */
export type WorkloadOptions = WorkloadSettings & (WorkloadTime | WorkloadTurns);

export interface WorkloadTime {
  /** Time after which the workload is asked to stop, in the machine's unit; above 0. */
  readonly duration: number;
  readonly turns?: number;
}

export interface WorkloadTurns {
  /** Turns of each processor, 1 to 2^32 - 2: acquisitions, episodes or additions. */
  readonly turns: number;
  readonly duration?: number;
}

export interface WorkloadSettings {
  /** 1 to the machine's maximum. */
  readonly processors: number;
  /** What random delays begin with; a 32-bit word. */
  readonly seed: number;
  /** Cycles in a critical section, 0 to 2^32 - 1. Default: 0. */
  readonly busy?: number;
  /** Mean cycles between turns, uniform from 0 to twice that; 0 to 2^31 - 1. Default: 0. */
  readonly think?: number;
  /**
   * Whether a lock's critical section is empty, as in Mellor-Crummey & Scott 1991: then nothing is protected, so exclusion
   * is not checked; only `turns` counts; and `busy` cycles come after each release, too. Default: false, a count is
   * increased in it.
   */
  readonly empty?: boolean;
  /**
   * The unit of delays in cycles, 1 to 2^16: about one test_and_set on a word that another processor holds. Default: that
   * of current processors.
   */
  readonly slot?: number;
  /** Whether the machine lends the read-modify-writes that it lacks. Default: false. */
  readonly lends?: boolean;
  /** Whether waits are timed, which costs two looks at the clock each, and barriers checked. Default: false. */
  readonly observed?: boolean;
  readonly signal?: AbortSignal;
}

/** How tasks are run: for a time, a number of executions of each task, or whichever is over first. */
export type TasksOptions = TasksSettings & (WorkloadTime | WorkloadTurns);

export interface TasksSettings extends Pick<WorkloadSettings, "processors" | "seed" | "signal"> {
  readonly tasks: number;
  /** Mean cycles that an execution computes, beside the references to its footprint; exponentially distributed. */
  readonly work: number;
  /** Mean time for which a task thinks before it is ready again, in the machine's unit; exponentially distributed. */
  readonly think: number;
  /** Bytes of memory of each task that no other touches; all of them have to fit into the kernel's shared memory. */
  readonly footprint: number;
  /** How many sixteenths of the footprint are written; the others are read. */
  readonly written: number;
  /** How often an execution goes over the footprint. Default: once. */
  readonly passes?: number;
  /** What the policy's head says. Default: 0. */
  readonly parameter?: number;
  /** How long an idle processor procrastinates, in the machine's unit. Default: not at all. */
  readonly bound?: number;
}

/** How processors that take no part are measured. */
export type BystanderOptions = Required<Pick<WorkloadSettings, "processors" | "seed" | "think">> &
  Required<Pick<WorkloadTime, "duration">> &
  Pick<WorkloadSettings, "signal">;

/** What the processors of one run recorded. Times are in the machine's unit. */
export interface WorkloadResult {
  /**
   * From the first processor's begin to the last one's end. Where processors were cut off, to the moment at which all
   * were asked to stop.
   */
  readonly elapsed: number;
  /** Turns finished in that time, by processor: acquisitions, episodes or additions. */
  readonly done: readonly number[];
  /** By processor, with waits that were cut off; 0 unless observed. */
  readonly longestWaits: readonly number[];
  /** By processor; 0 unless observed. */
  readonly totalWaits: readonly number[];
  /** Processors that had to be ended because they did not stop. */
  readonly cutOff: readonly number[];
  /** Only from machines that observe. */
  readonly traffic?: Traffic;
  /** `AcquisitionOrder.overtaken` of an observed lock, only from machines that observe. */
  readonly overtaken?: number;
  /** `Contention.disturbed` of an observed lock, only from machines that observe. */
  readonly disturbed?: number;
  /** `Contention.quiescence` of an observed lock, only from machines that observe; else empty. */
  readonly quiescence: readonly (number | undefined)[];
}

/** Runs the kernel's workloads on a machine, one at a time, in one memory. */
export class Experiments {
  readonly machine: Machine;
  readonly #kernel: Kernel;
  readonly #memory: WebAssembly.Memory;
  readonly #host: KernelExports;

  constructor(machine: Machine, kernel: Kernel) {
    this.machine = machine;
    this.#kernel = kernel;
    this.#memory = createMemory(kernel);
    this.#host = hostInstance(kernel, this.#memory);
  }

  /**
   * Runs an algorithm's workload.
   *
   * @throws {Error} what the machine's run throws; and if a lock let two processors in at once: the count that it protects
   * differs from the acquisitions
   */
  async workload({ name, kind }: Algorithm, options: WorkloadOptions): Promise<WorkloadResult> {
    const { processors, duration, turns = FOREVER, seed, busy = 0, think = 0 } = options;
    const { empty = false, slot = 0, observed = false, lends = false, signal } = options;
    const host = this.#host;
    host.boot(processors);
    host.set_slot(slot);
    host.set_cores(this.machine.cores);
    const experiment = call(host, name, "prepare", processors, turns, busy, think, observed ? 1 : 0, seed);
    const each = (read: (experiment: number, processor: number) => number) =>
      Array.from({ length: processors }, (_, processor) => read(experiment, processor));
    // Through >>> 0: the engine hands out 32-bit results as signed.
    const readDone = () => each((e, p) => host.experiment_done(e, p) >>> 0);
    let atStop = { elapsed: 0, done: readDone() };
    const stop = (elapsed: number) => {
      atStop = { elapsed, done: readDone() };
      host.experiment_stop(experiment);
    };
    const order = new AcquisitionOrder(processors);
    const contention = new Contention(busy);
    const run = await this.machine.run(this.#kernel, `${entryPrefix(name)}_${empty ? "empty" : "run"}`, {
      processors,
      arguments: [experiment],
      memory: this.#memory,
      seed,
      lends,
      onMark: (processor, event, _, time) => {
        if (event === "Arrived") {
          order.arrived(processor);
          contention.arrived(processor);
        } else if (event === "Acquired") {
          order.acquired(processor);
          contention.acquired(processor, time);
        }
      },
      ...(observed && {
        onReference: (processor, time) => contention.referred(processor, time),
      }),
      ...(duration !== undefined && { timeLimit: { duration, stop } }),
      ...(signal && { signal }),
    });
    const whole = run.cutOff.length === 0;
    const done = readDone();
    const acquisitions = done.reduce((a, b) => a + b, 0);
    if (kind === "lock" && !empty && whole && host.experiment_protected(experiment) !== acquisitions) {
      throw new Error(
        `Cannot measure ${name}: received ${host.experiment_protected(experiment)} protected additions; ` +
          `expected ${acquisitions} (${processors} processors, seed ${seed})`,
      );
    }
    const openWaits = each(host.experiment_waiting_since).map((since) => (since > 0 ? run.end - since : 0));
    const traffic = trafficOf(run);
    const { overtaken } = order;
    const { disturbed, quiescence } = contention;
    return {
      ...(whole
        ? { elapsed: Math.max(...each(host.experiment_end)) - Math.min(...each(host.experiment_begin)), done }
        : atStop),
      longestWaits: each(host.experiment_longest_wait).map((wait, processor) => Math.max(wait, openWaits[processor]!)),
      totalWaits: each(host.experiment_total_wait),
      cutOff: run.cutOff,
      ...(traffic && { traffic }),
      ...(overtaken !== undefined && { overtaken }),
      ...(disturbed !== undefined && { disturbed }),
      quiescence,
    };
  }

  /**
   * Time of an uncontended acquire and release by one processor. The lock is made for two: for one, Anderson's array
   * would have a single slot, which no real lock has.
   */
  async latency({ name }: Algorithm, pairs: number, signal?: AbortSignal): Promise<number> {
    this.#host.boot(2);
    const lock = call(this.#host, name, "create", 2);
    const run = await this.#alone(name, "pairs", [lock, call(this.#host, name, "attach", lock, 0), pairs], signal);
    return run.durations[0]! / pairs;
  }

  /** Time of reading a counter for `processors` processors while nobody adds. */
  async read(
    { name }: Algorithm,
    processors: number,
    reads: number,
    exact: boolean,
    signal?: AbortSignal,
  ): Promise<number> {
    this.#host.boot(processors);
    const counter = call(this.#host, name, "create", processors);
    const run = await this.#alone(name, "reads", [counter, reads, exact ? 1 : 0], signal);
    return run.durations[0]! / reads;
  }

  /**
   * Mean times of references by two processors that take no part while others contend for a lock, until `duration` is
   * over: to memory that has its home where the lock has, and to memory elsewhere, where that differs. Only on machines
   * that observe, of which two processors take no part.
   *
   * @param think as for `workload`; the longer, the less the lock disturbs
   */
  async bystanders(
    { name }: Algorithm,
    { processors, duration, think, seed, signal }: BystanderOptions,
  ): Promise<{ readonly atHome: number; readonly elsewhere: number }> {
    const host = this.#host;
    host.boot(processors + 2);
    const experiment = call(host, name, "prepare", processors, FOREVER, 0, think, 0, seed);
    const lock = host.experiment_object(experiment);
    const homeOf = this.machine.homes!();
    const { stride, lines, atHome, elsewhere } = bystanderLines(homeOf, lock, (bytes) => host.shared(bytes));
    const pause = Math.ceil(duration / (2 * BYSTANDER_READS));
    const records = [0, 1].map((i) => host.bystander_prepare(processors + i));
    const bystanders = [atHome, elsewhere].map((address, i) => ({
      entry: "bystander_run",
      arguments: [records[i]!, address, stride, lines, pause, BYSTANDER_READS],
    }));
    const stop = () => host.experiment_stop(experiment);
    await this.machine.run(this.#kernel, `${entryPrefix(name)}_run`, {
      processors,
      arguments: [experiment],
      memory: this.#memory,
      seed,
      bystanders,
      timeLimit: { duration, stop },
      ...(signal && { signal }),
    });
    const mean = (record: number) => host.bystander_total(record) / host.bystander_reads(record);
    return { atHome: mean(records[0]!), elsewhere: mean(records[1]!) };
  }

  /**
   * Runs the workload of scheduling policies. What the machine lacks of read-modify-writes it lends: the policies are
   * measured, not their guards.
   *
   * @throws {Error} what the machine's run throws
   */
  async tasks({ name }: Algorithm, options: TasksOptions): Promise<TasksResult> {
    const { processors, tasks, duration, turns = FOREVER, work, think, seed, signal } = options;
    const { footprint, written, passes = 1, parameter = 0, bound = 0 } = options;
    const { nanoseconds, cores } = this.machine;
    const host = this.#host;
    host.boot(processors);
    host.set_cores(cores);
    const experiment = call(
      host,
      ...([name, "prepare", processors, turns, Math.round(work), Math.round(think), 1, seed] as const),
      ...[tasks, parameter, Math.min(Math.round(bound), FOREVER), footprint, written, passes, nanoseconds],
    );
    const stop = () => host.experiment_stop(experiment);
    const run = await this.machine.run(this.#kernel, `${entryPrefix(name)}_run`, {
      processors,
      arguments: [experiment],
      memory: this.#memory,
      seed,
      lends: true,
      ...(duration !== undefined && { timeLimit: { duration, stop } }),
      ...(signal && { signal }),
    });
    const executions = Array.from({ length: processors }, (_, processor) =>
      executionsIn(
        this.#memory.buffer,
        host.tasks_first_row(experiment, processor),
        host.tasks_rows(experiment, processor),
        processor,
      ),
    ).flat();
    const traffic = trafficOf(run);
    return {
      executions,
      elapsed: run.elapsed,
      deciding: Array.from({ length: processors }, (_, p) => host.tasks_deciding(experiment, p)).reduce(
        (a, b) => a + b,
      ),
      cutOff: run.cutOff,
      ...(run.processors && { processors: run.processors }),
      ...(traffic && { traffic }),
    };
  }

  /**
   * Runs a workload of clustered objects: each processor's times of a step, by the step's number in
   * kernel/workloads/objects.ts. Undefined if the algorithm's objects do not come and go.
   *
   * @throws {Error} what the machine's run throws
   */
  async objects(
    { name }: Algorithm,
    workload: "lives" | "rounds",
    { processors, turns, seed, signal }: Pick<WorkloadSettings, "processors" | "seed" | "signal"> & WorkloadTurns,
  ): Promise<((step: number) => number[]) | undefined> {
    const host = this.#host;
    host.boot(processors);
    if (call(host, name, "lives") === 0) return undefined;
    const experiment = call(host, name, "prepare", processors, turns, 0, 0, 0, seed);
    await this.machine.run(this.#kernel, `${entryPrefix(name)}_${workload}_run`, {
      processors,
      arguments: [experiment],
      memory: this.#memory,
      seed,
      lends: true,
      ...(signal && { signal }),
    });
    return (step) =>
      Array.from({ length: processors }, (_, processor) => host.objects_time(experiment, processor, step));
  }

  /** Bytes of memory that the algorithm takes for `processors` processors, with padding. */
  space({ name }: Algorithm, processors: number): number {
    const host = this.#host;
    host.boot(processors);
    const object = call(host, name, "create", processors);
    for (let processor = 0; processor < processors; processor++) call(host, name, "attach", object, processor);
    return host.allocated();
  }

  #alone(name: string, entry: string, parameters: number[], signal: AbortSignal | undefined): Promise<Run> {
    return this.machine.run(this.#kernel, `${entryPrefix(name)}_${entry}`, {
      processors: 1,
      arguments: parameters,
      memory: this.#memory,
      ...(signal && { signal }),
    });
  }
}
