/**
 * Parallel applications that share a multiprocessor, tick by tick: what scheduling and waiting cost together.
 *
 * Each application is processes that compute, enter a critical section of their application, and meet at a barrier, again and
 * again. A process that has to wait spins, or blocks and leaves its processor to others.
 *
 *     priority           one queue of all processes, whose priority grows with age: the kernel's policy decides
 *     gang               the processors execute one application after the other, for a quantum each, all of its processes
 *     batch              one application at a time, to its end
 *     process control    each application has a part of the processors, and as many processes as that is
 *
 * Source: Gupta, Tucker & Urushibara, SIGMETRICS 1991.
 */
import { host } from "#host";
import { Random } from "../machines/random.js";
import { createMemory, type Program } from "../program/program.js";
import { LATER, type Policy, policyOf } from "./policy.js";

export type Scheduling = "priority" | "gang" | "batch" | "process control";

/** All times in ticks. */
export interface Multiprogramming {
  readonly scheduling: Scheduling;
  /** Whether a process that waits leaves its processor; else it spins. Only under "priority". */
  readonly blocks: boolean;
  readonly processors: number;
  /** A divisor of the processors under "process control". */
  readonly applications: number;
  /** For which a process, or a gang, is executed before others have their turn. */
  readonly quantum: number;
  /** Mean of the computation before each critical section, exponentially distributed. */
  readonly computation: number;
  readonly criticalSection: number;
  /** Critical sections of all processes of an application between two barriers, if there is one process for each processor: of each. */
  readonly sections: number;
  /** Of a processor that changes to another process: to switch, and to load its cache. */
  readonly switching: number;
}

/** Ticks between two looks at the signal. */
const TURN = 10_000;
/** Age that is worth as much as affinity. */
const AGEING = 1;
const NOBODY = -1;

type State = "computing" | "wants the lock" | "in the section" | "at the barrier";

class Application {
  holder = NOBODY;
  arrived = 0;
  episode = 0;
  /** Processes that have blocked. */
  readonly blocked: number[] = [];
  constructor(readonly processes: number) {}
}

class Process {
  state: State = "computing";
  left = 0;
  sections = 0;
  episode = 0;
  constructor(
    readonly index: number,
    readonly application: Application,
  ) {}
}

/**
 * The part of the processors' time that is computation, in critical sections or outside.
 *
 * @param seed a 32-bit word; the result is a function of it
 * @throws {Error} the signal's reason
 */
export async function simulateUtilization(
  kernel: Program,
  options: Multiprogramming,
  ticks: number,
  seed: number,
  signal?: AbortSignal,
): Promise<number> {
  const simulation = new Simulation(kernel, options, seed);
  for (let tick = 0; tick < ticks; tick++) {
    if (tick % TURN === 0) {
      await host.turn();
      signal?.throwIfAborted();
    }
    simulation.step(tick);
  }
  return simulation.useful / (ticks * options.processors);
}

class Simulation {
  /** Ticks of computation so far. */
  useful = 0;
  readonly #options: Multiprogramming;
  readonly #random: Random;
  readonly #processes: Process[] = [];
  readonly #perApplication: number;
  /** Critical sections of a process between two barriers. */
  readonly #sections: number;
  /** By processor: what it executes, what it executed last, until when it changes to that, and since when it has it. */
  readonly #executes: Int32Array;
  readonly #last: Int32Array;
  readonly #switchesUntil: Float64Array;
  readonly #since: Float64Array;
  readonly #policy: Policy | undefined;
  readonly #scheduler: number = 0;

  constructor(kernel: Program, options: Multiprogramming, seed: number) {
    const { processors: P, scheduling, sections } = options;
    // Batch: what others wait for is not seen by who has all processors.
    const applications = scheduling === "batch" ? 1 : options.applications;
    this.#options = options;
    this.#random = new Random(seed);
    this.#perApplication = scheduling === "process control" ? P / applications : P;
    this.#sections = (sections * P) / this.#perApplication;
    for (let a = 0; a < applications; a++) {
      const application = new Application(this.#perApplication);
      for (let i = 0; i < this.#perApplication; i++) {
        const process = new Process(this.#processes.length, application);
        process.left = this.#computation();
        this.#processes.push(process);
      }
    }
    this.#executes = new Int32Array(P).fill(NOBODY);
    this.#last = new Int32Array(P).fill(NOBODY);
    this.#switchesUntil = new Float64Array(P);
    this.#since = new Float64Array(P);
    if (scheduling !== "priority") return;
    this.#policy = policyOf(kernel, createMemory(kernel), "priority", P);
    this.#scheduler = this.#policy.create(P, this.#processes.length, AGEING, 0);
    for (let p = 0; p < P; p++) this.#policy.come(this.#scheduler, p);
    for (const i of this.#random.permutation(this.#processes.length)) this.#policy.ready(this.#scheduler, 0, i, 0);
  }

  step(now: number): void {
    const { processors: P } = this.#options;
    for (let p = 0; p < P; p++) this.#schedule(p, now);
    for (let p = 0; p < P; p++) {
      const i = this.#executes[p]!;
      if (i !== NOBODY && now >= this.#switchesUntil[p]!) this.#execute(this.#processes[i]!, p, now);
    }
  }

  /** Who is to have the processor in this tick. */
  #schedule(p: number, now: number): void {
    const { scheduling, quantum, applications } = this.#options;
    if (scheduling === "gang") {
      const gang = Math.floor(now / quantum) % applications;
      this.#change(p, gang * this.#perApplication + p, now);
    } else if (scheduling === "priority") {
      if (this.#executes[p] !== NOBODY && now - this.#since[p]! >= quantum) {
        const preempted = this.#executes[p]!;
        this.#giveUp(p);
        this.#policy!.ready(this.#scheduler, p, preempted, now);
      }
      if (this.#executes[p] !== NOBODY) return;
      const task = this.#policy!.next(this.#scheduler, p, now) >>> 0;
      if (task < LATER) this.#change(p, task, now);
    } else this.#change(p, p, now);
  }

  #change(p: number, process: number, now: number): void {
    if (this.#executes[p] === process) return;
    this.#executes[p] = process;
    this.#since[p] = now;
    const isSame = this.#last[p] === process || this.#last[p] === NOBODY;
    this.#switchesUntil[p] = isSame ? now : now + this.#options.switching;
    this.#last[p] = process;
  }

  #giveUp(p: number): void {
    this.#policy!.done(this.#scheduler, p);
    this.#executes[p] = NOBODY;
  }

  /** One tick of a process. */
  #execute(process: Process, p: number, now: number): void {
    const { application } = process;
    if (process.state === "at the barrier" && application.episode !== process.episode) this.#compute(process);
    if (process.state === "wants the lock" && application.holder === NOBODY) {
      application.holder = process.index;
      process.state = "in the section";
      process.left = this.#options.criticalSection;
    }
    if (process.state === "at the barrier" || process.state === "wants the lock") {
      if (this.#options.blocks) this.#block(process, p);
      return;
    }
    this.useful++;
    if (--process.left > 0) return;
    if (process.state === "computing") process.state = "wants the lock";
    else this.#leaveSection(process, now);
  }

  #leaveSection(process: Process, now: number): void {
    const { application } = process;
    application.holder = NOBODY;
    if (++process.sections < this.#sections) {
      this.#compute(process);
      const waiter = application.blocked.findIndex((i) => this.#processes[i]!.state === "wants the lock");
      if (waiter >= 0) this.#wake(application.blocked.splice(waiter, 1), now);
      return;
    }
    process.sections = 0;
    process.episode = application.episode;
    process.state = "at the barrier";
    if (++application.arrived === application.processes) {
      application.arrived = 0;
      application.episode++;
      this.#wake(application.blocked.splice(0), now);
    } else {
      const waiter = application.blocked.findIndex((i) => this.#processes[i]!.state === "wants the lock");
      if (waiter >= 0) this.#wake(application.blocked.splice(waiter, 1), now);
    }
  }

  #block(process: Process, p: number): void {
    process.application.blocked.push(process.index);
    this.#giveUp(p);
  }

  #wake(processes: readonly number[], now: number): void {
    for (const i of processes) this.#policy!.ready(this.#scheduler, 0, i, now);
  }

  #compute(process: Process): void {
    process.state = "computing";
    process.left = this.#computation();
  }

  #computation(): number {
    const mean = this.#options.computation;
    return Math.max(1, Math.round(-mean * Math.log((this.#random.below(2 ** 32) + 1) / 2 ** 32)));
  }
}
