/**
 * What every lock, barrier and counter must do, as checks that throw: some schedules of many processors, where
 * packages/machines/src/proofs has all of few.
 */
import type { NativeMachine } from "#machines/machines/native/machine.js";
import { type Algorithm, entryPrefix, type KernelExports } from "#machines/program/kernel.js";
import { casesOf } from "../random-cases.js";
import type { SteppedMachine, SteppedRun } from "./machine.js";
import { replay, type Schedule, schedules } from "./schedule.js";

/**
 * How many processors every algorithm is tested with: one, and more than are proven, around powers of two and of four.
 */
export const PROCESSORS = [1, 5, 7, 8, 9, 16];

/** Those that take most of the time. */
export const MANY_PROCESSORS = [33, 64];

export interface Load {
  readonly processors: number;
  /** Acquisitions, episodes or additions of each processor. */
  readonly turns: number;
  /** Cycles of work in the critical section; the stepped machine interrupts there if it is not 0. */
  readonly busy?: number;
  /** Mean cycles of work before each turn; likewise. */
  readonly think?: number;
  readonly observed?: boolean;
}

/** A load under a schedule: all that an execution depends on. */
export type Case = Load & Schedule;

function cases(load: Load, schedules: readonly Schedule[]): Case[] {
  return schedules.map((schedule) => ({ ...load, ...schedule }));
}

/** The executions in which locks must exclude and go on. */
export function lockCases(processors: number): Case[] {
  const load = { processors, turns: Math.ceil(200 / processors) };
  const yielding = { processors, turns: Math.ceil(600 / processors), busy: 1, think: 1 };
  return [
    ...cases(yielding, schedules("round robin at pauses", 1)),
    ...cases(yielding, schedules("random at pauses", 3)),
    ...cases(load, schedules("random at accesses", casesOf(10 + Math.ceil(200 / processors)))),
    ...cases({ ...load, turns: 5 }, schedules("random at accesses, one lags", casesOf(Math.ceil(40 / processors)))),
  ];
}

/** The executions in which nobody may leave a barrier early. */
export function barrierCases(processors: number): Case[] {
  const load = { processors, observed: true };
  return [
    ...cases({ ...load, turns: casesOf(500) }, schedules("round robin at pauses", 1)),
    ...cases({ ...load, turns: casesOf(500), think: 1 }, schedules("random at pauses", 2)),
    ...cases({ ...load, turns: 20 }, schedules("random at accesses", casesOf(Math.ceil(100 / processors)))),
    ...cases({ ...load, turns: 5 }, schedules("random at accesses, one lags", casesOf(Math.ceil(20 / processors)))),
  ];
}

/** The executions in which no addition to a counter may be lost. */
export function counterCases(processors: number): Case[] {
  return cases({ processors, turns: 500 + processors }, schedules("random at accesses", casesOf(10)));
}

/** Makes an experiment in memory that was booted; returns its address. */
export function prepare(kernel: KernelExports, algorithm: Algorithm, load: Load, seed: number): number {
  const { processors, turns, busy = 0, think = 0, observed = false } = load;
  const X_prepare = entryOf(kernel, algorithm, "prepare");
  return X_prepare(processors, turns, busy, think, Number(observed), seed) as number;
}

/** The object under test. */
export function objectOf(machine: SteppedMachine, experiment: number): number {
  return machine.kernel.experiment_object(experiment);
}

/**
 * What a processor keeps of the object for itself: Experiment.records and Record.I of kernel/workloads/experiment.ts.
 */
export function recordOf(machine: SteppedMachine, experiment: number, processor: number): number {
  return machine.read(machine.read(machine.read(experiment + 28) + 4 * processor) + 4);
}

/** An entry of an algorithm, as the raw function that it is. */
export function entryOf(kernel: KernelExports, algorithm: Algorithm, name: string): (...values: number[]) => unknown {
  return kernel[`${entryPrefix(algorithm.name)}_${name}`] as unknown as (...values: number[]) => unknown;
}

/** Boots, prepares, lets `change` have a hand in it and runs. */
export function runStepped(
  machine: SteppedMachine,
  algorithm: Algorithm,
  test: Case,
  change?: (object: number) => void,
): SteppedRun & { readonly experiment: number } {
  machine.boot(test.processors);
  const experiment = prepare(machine.kernel, algorithm, test, test.seed);
  change?.(objectOf(machine, experiment));
  const run = machine.run(`${entryPrefix(algorithm.name)}_run`, experiment, test);
  return { ...run, experiment };
}

/** The same on real threads, in the stepped machine's memory. */
export async function runNative(
  native: NativeMachine,
  machine: SteppedMachine,
  algorithm: Algorithm,
  load: Load,
): Promise<number> {
  const { processors } = load;
  machine.boot(processors);
  const experiment = prepare(machine.kernel, algorithm, load, 1);
  await native.run(machine.program, `${entryPrefix(algorithm.name)}_run`, {
    processors,
    arguments: [experiment],
    memory: machine.memory,
  });
  return experiment;
}

/** The processors on real threads: all that wait by parking can have; two where they spin, as spinners need cores. */
export function nativeProcessors(algorithm: Algorithm): number[] {
  return algorithm.waits === "parking" ? [2, ...PROCESSORS] : [1, 2];
}

/** More, for long tests. */
export function manyNativeProcessors(algorithm: Algorithm): number[] {
  return algorithm.waits === "parking" ? MANY_PROCESSORS : [];
}

/** Progress: every processor finished its turns. */
export function checkDone(kernel: KernelExports, experiment: number, { processors, turns }: Load, how: string): void {
  for (let processor = 0; processor < processors; processor++) {
    const done = kernel.experiment_done(experiment, processor);
    if (done !== turns) {
      throw new Error(`Processor ${processor} of ${processors} finished ${done} turns; expected ${turns} ${how}`);
    }
  }
}

/** Mutual exclusion: the count that the lock protects lost no addition in `runs` runs. */
export function checkProtected(kernel: KernelExports, experiment: number, load: Load, how: string, runs = 1): void {
  const count = kernel.experiment_protected(experiment);
  const expected = load.processors * load.turns * runs;
  if (count !== expected) {
    throw new Error(
      `The protected count is ${count} after ${expected} acquisitions by ${load.processors} processors ${how}`,
    );
  }
}

/** Mutual exclusion and progress in one execution. */
export function checkLock(
  machine: SteppedMachine,
  algorithm: Algorithm,
  test: Case,
  change?: (lock: number) => void,
): SteppedRun {
  const run = runStepped(machine, algorithm, test, change);
  checkDone(machine.kernel, run.experiment, test, replay(test));
  checkProtected(machine.kernel, run.experiment, test, replay(test));
  return run;
}

/** Nobody leaves before all arrived (the workload itself looks, and fails) and every episode ends. */
export function checkBarrier(machine: SteppedMachine, algorithm: Algorithm, test: Case): SteppedRun {
  const run = runStepped(machine, algorithm, test);
  checkDone(machine.kernel, run.experiment, test, replay(test));
  return run;
}

/** The sum is exact, and the cheap read as near to it as the algorithm promises. */
export function checkSum(kernel: KernelExports, algorithm: Algorithm, counter: number, load: Load, how: string): void {
  const read = (kind: string) => Number(entryOf(kernel, algorithm, kind)(counter));
  const expected = load.processors * load.turns;
  if (read("exact") !== expected) {
    throw new Error(
      `The exact sum is ${read("exact")} after ${expected} additions by ${load.processors} processors ${how}`,
    );
  }
  // kernel/counters/sloppy.ts: each processor keeps less than a batch of max(32, 2 P) to itself.
  const error = algorithm.reads === "exact" ? 0 : load.processors * (Math.max(32, 2 * load.processors) - 1);
  if (Math.abs(read("approximate") - expected) > error) {
    throw new Error(
      `The cheap read is ${read("approximate")} after ${expected} additions; expected at most ${error} off ${how}`,
    );
  }
}

/** All additions are in the sum, in one execution. */
export function checkCounter(machine: SteppedMachine, algorithm: Algorithm, test: Case): SteppedRun {
  const run = runStepped(machine, algorithm, test);
  checkDone(machine.kernel, run.experiment, test, replay(test));
  checkSum(machine.kernel, algorithm, objectOf(machine, run.experiment), test, replay(test));
  return run;
}

/** How many processors waited at once, at most, and the acquisitions in their order and in that of the arrivals. */
export function queueOf(
  machine: SteppedMachine,
  run: SteppedRun,
): { longest: number; arrived: number[]; acquired: number[] } {
  const { "Event.Arrived": Arrived, "Event.Acquired": Acquired } = machine.kernel as unknown as Record<
    string,
    WebAssembly.Global
  >;
  const by = (event: unknown) => run.marks.filter((mark) => mark.event === event).map((mark) => mark.processor);
  let waiting = 0;
  let longest = 0;
  for (const { event } of run.marks) {
    waiting += event === Arrived!.value ? 1 : -1;
    longest = Math.max(longest, waiting);
  }
  return { longest, arrived: by(Arrived!.value), acquired: by(Acquired!.value) };
}

/**
 * First come, first served. Where processors are interrupted at pauses only, they mark their arrival and take their
 * place in the queue in one go: the acquisitions must be in the order of the arrivals.
 */
export function checkOrder(machine: SteppedMachine, run: SteppedRun, test: Case): void {
  const { arrived, acquired } = queueOf(machine, run);
  const index = acquired.findIndex((processor, i) => processor !== arrived[i]);
  if (index < 0) return;
  throw new Error(
    `Acquisition ${index} was processor ${acquired[index]}'s; expected that of processor ${arrived[index]}, who came before ${replay(test)}`,
  );
}
