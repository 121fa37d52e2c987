/**
 * A closed queueing network: N tasks compute on M processors, are away for a while, and come back.
 *
 *     ready -> executed by a processor for D + C R(I) on average -> away for Z on average -> ready
 *
 * D and Z are 1, the unit of all times. R(I) is the part of the task's footprint that the processor's cache has lost when
 * I other tasks have been executed there since; all times are exponentially distributed. Which processor executes which
 * task, and when, is decided by a policy of the kernel: the model calls what kernel.wasm exports of it, and asks for a
 * processor when the kernel has rung its bell.
 *
 * Source: Squillante & Lazowska, IEEE TPDS 4(2), 1993.
 */
import { host } from "#host";
import { Random } from "../machines/random.js";
import { Event, EventQueue, NOTHING } from "../machines/simulated/events.js";
import { createMemory, type Program } from "../program/program.js";
import { BATCHES, type Estimate, estimate } from "./batch-means.js";
import { LATER, type Policy, policyOf } from "./policy.js";

export interface Network {
  /** The kernel's. */
  readonly policy: string;
  /** What the head of the policy's file says; default: 0. */
  readonly parameter?: number;
  readonly processors: number;
  readonly tasks: number;
  /** The time of loading a whole footprint: C. */
  readonly reload: number;
  /** R(I), from I = 0; the last also stands for more. Of a task that the processor never executed, 1. */
  readonly fractions: readonly number[];
  /** By how much everything lengthens a reload: 1 / (1 - U) of a bus. Default: 1. */
  readonly slowdown?: number;
  /** Whether an idle processor never takes a task that is cold for it. */
  readonly pauses?: boolean;
}

export interface NetworkResult {
  /** Tasks done by time. */
  readonly throughput: Estimate;
  /** From ready to done, mean and mean square. */
  readonly response: Estimate;
  readonly secondMoment: Estimate;
  /** The mean of R(I). */
  readonly reloaded: Estimate;
  /** The part of the processors that execute tasks. */
  readonly utilization: Estimate;
}

/** The kernel's units of time in one of the model's. */
const UNITS = 4096;
/** In units, longer than any run is: an end of pausing that is never reached, but by the preparation. */
const PAUSE = 2 ** 31;
const NO_TASK = -1;

/** Batches before anything is counted. */
const WARM_UP = 2;

/**
 * Simulates the network.
 *
 * @param completions tasks done in each batch
 * @param seed a 32-bit word; the result is a function of it
 * @throws {Error} the signal's reason
 */
export async function simulateNetwork(
  kernel: Program,
  network: Network,
  completions: number,
  seed: number,
  signal?: AbortSignal,
): Promise<NetworkResult> {
  const simulation = new NetworkSimulation(kernel, network, seed);
  simulation.run(WARM_UP * completions);
  const batches: Batch[] = [];
  for (let i = 0; i < BATCHES; i++) {
    await host.turn();
    signal?.throwIfAborted();
    batches.push(simulation.run(completions));
  }
  const of = (value: (batch: Batch) => number) => estimate(batches.map(value));
  return {
    throughput: of(({ time }) => completions / time),
    response: of(({ response }) => response / completions),
    secondMoment: of(({ square }) => square / completions),
    reloaded: of(({ reloaded }) => reloaded / completions),
    utilization: of(({ busy, time }) => busy / (time * network.processors)),
  };
}

/** Sums over the tasks that were done. */
interface Batch {
  time: number;
  response: number;
  square: number;
  reloaded: number;
  busy: number;
}

class Task extends Event {
  /** When it became ready last. */
  since = 0;
  /** The processor that executes it. */
  processor = 0;
  /** When that began, and what of the footprint had to be loaded. */
  began = 0;
  reloaded = 0;
}

class NetworkSimulation {
  readonly #network: Network;
  readonly #policy: Policy;
  readonly #words: Int32Array;
  /** The scheduler's address, the first parameter of all entries. */
  readonly #scheduler: number;
  readonly #random: Random;
  readonly #events = new EventQueue();
  readonly #tasks: readonly Task[];
  /** By processor: the index of its bell's word, and what that was when the processor asked last. */
  readonly #bells: Int32Array;
  readonly #heard: Int32Array;
  readonly #executes: Int32Array;
  /** Tasks done by each processor, and, by task and processor, how many these were when the task was; 0 for never. */
  readonly #count: Int32Array;
  readonly #seen: Int32Array;
  #completions = 0;
  #batch = newBatch();

  constructor(kernel: Program, network: Network, seed: number) {
    const { processors: M, tasks: N, parameter = 0, pauses = false } = network;
    const memory = createMemory(kernel);
    this.#network = network;
    this.#policy = policyOf(kernel, memory, network.policy, M);
    this.#words = new Int32Array(memory.buffer);
    this.#random = new Random(seed);
    this.#tasks = Array.from({ length: N }, (_, task) => new Task(task));
    this.#executes = new Int32Array(M).fill(NO_TASK);
    this.#count = new Int32Array(M);
    this.#seen = new Int32Array(M * N);
    const S = this.#policy.create(M, N, parameter, pauses ? PAUSE : 0);
    this.#scheduler = S;
    this.#bells = Int32Array.from({ length: M }, (_, p) => this.#policy.bell(S, p) >> 2);
    this.#heard = new Int32Array(M);
    for (let p = 0; p < M; p++) this.#policy.come(S, p);
    for (let p = 0; p < M; p++) this.#ask(p, 0);
    this.#prepare(parameter);
    for (const task of this.#tasks) this.#events.schedule(task, this.#exponential(1), this.#becomeReady);
  }

  /** Lets so many tasks be done. */
  run(completions: number): Batch {
    const batch = newBatch();
    const begin = this.#events.now;
    this.#batch = batch;
    this.#completions = completions;
    while (this.#completions > 0) {
      const event = this.#events.take();
      if (event === undefined) {
        throw new Error(`Cannot simulate ${this.#network.policy}: every task is ready, and no processor takes one`);
      }
      event.happen(this.#events.now);
    }
    batch.time = (this.#events.now - begin) / UNITS;
    return batch;
  }

  /**
   * Executes every task once on some processors, as many as it may remember, and as many tasks on each: what processors
   * that pause for ever begin with. Others forget it in the warm-up.
   */
  #prepare(remembered: number): void {
    const { processors: M, tasks: N, policy } = this.#network;
    const rounds = policy === "limited-minimum-intervening" ? remembered : 1;
    const offsets = Array.from({ length: Math.ceil(N / M) }, () => this.#random.permutation(M));
    for (let round = 0; round < rounds; round++) {
      for (let task = 0; task < N; task++) {
        const wanted = (task + offsets[Math.floor(task / M)]![round]!) % M;
        this.#policy.ready(this.#scheduler, wanted, task, 0);
        // Who would rather not take it does so when its pause is over.
        if (!this.#ask(wanted, 0)) this.#ask(wanted, PAUSE + 1);
        this.#answerBells(0, NOTHING);
        const p = this.#executes.indexOf(task);
        this.#done(p, task);
        this.#ask(p, 0);
      }
    }
  }

  /** The processor asks. Whether it got a task. */
  #ask(p: number, now: number): boolean {
    this.#heard[p] = this.#words[this.#bells[p]!]!;
    const task = this.#policy.next(this.#scheduler, p, now) >>> 0;
    if (task >= LATER) return false;
    this.#executes[p] = task;
    return true;
  }

  /** Every idle processor whose bell was rung asks; that may ring others. */
  #answerBells(now: number, begin: (p: number, now: number) => void): void {
    const { processors: M } = this.#network;
    for (let p = 0; p < M; p++) {
      if (this.#executes[p] !== NO_TASK || this.#words[this.#bells[p]!] === this.#heard[p]) continue;
      if (this.#ask(p, now)) begin(p, now);
      p = -1;
    }
  }

  #done(p: number, task: number): void {
    this.#executes[p] = NO_TASK;
    this.#count[p]!++;
    this.#seen[task * this.#network.processors + p] = this.#count[p]!;
    this.#policy.done(this.#scheduler, p);
  }

  readonly #becomeReady = (now: number, task: Task): void => {
    task.since = now;
    this.#policy.ready(this.#scheduler, 0, task.key, now);
    this.#answerBells(now, this.#begin);
  };

  readonly #begin = (p: number, now: number): void => {
    const { processors: M, reload, fractions, slowdown = 1 } = this.#network;
    const task = this.#tasks[this.#executes[p]!]!;
    const then = this.#seen[task.key * M + p]!;
    const intervening = this.#count[p]! - then;
    task.processor = p;
    task.began = now;
    task.reloaded = then === 0 ? 1 : fractions[Math.min(intervening, fractions.length - 1)]!;
    const service = this.#exponential(1 + reload * task.reloaded * slowdown);
    this.#events.schedule(task, now + service, this.#end);
  };

  readonly #end = (now: number, task: Task): void => {
    const response = (now - task.since) / UNITS;
    const batch = this.#batch;
    this.#completions--;
    batch.response += response;
    batch.square += response ** 2;
    batch.reloaded += task.reloaded;
    batch.busy += (now - task.began) / UNITS;
    this.#events.schedule(task, now + this.#exponential(1), this.#becomeReady);
    this.#done(task.processor, task.key);
    if (this.#ask(task.processor, now)) this.#begin(task.processor, now);
    this.#answerBells(now, this.#begin);
  };

  /** In the kernel's units. */
  #exponential(mean: number): number {
    return Math.round(-mean * UNITS * Math.log(this.#random.below(2 ** 32) / 2 ** 32));
  }
}

function newBatch(): Batch {
  return { time: 0, response: 0, square: 0, reloaded: 0, busy: 0 };
}
