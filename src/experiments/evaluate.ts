import { cpus, loadavg } from "node:os";
import { MAXIMUM_PROCESSORS, type NativeMachine } from "../machines/native/machine.js";
import type { Algorithm, Kernel } from "../program/kernel.js";
import { Experiments } from "./experiment.js";
import { type Host, jainIndex, type Measurement, type Metric, UNITS } from "./measurement.js";

/** How much an evaluation measures. */
export interface Effort {
  readonly repetitions: number;
  /** Milliseconds of each run that is measured by time. */
  readonly milliseconds: number;
  /** Operations of each run that is measured by count. */
  readonly operations: number;
}

/** For a first look: about a minute on two cores. */
export const QUICK: Effort = { repetitions: 3, milliseconds: 60, operations: 200_000 };
/** For results to keep: seven minutes on two cores. */
export const FULL: Effort = { repetitions: 10, milliseconds: 250, operations: 2_000_000 };

export interface EvaluateOptions {
  readonly effort: Effort;
  /** What random delays begin with, a 32-bit word; repetition r begins with seed + r. */
  readonly seed: number;
  /** Which numbers of processors; each at least 1. */
  readonly processors: readonly number[];
  /** Which of the kernel's algorithms. */
  readonly algorithms: readonly Algorithm[];
  readonly signal?: AbortSignal;
  /** Called before each step. */
  readonly progress?: (step: Step) => void;
}

/** Where an evaluation is. */
export interface Step {
  /** Steps done before this one. */
  readonly done: number;
  readonly total: number;
  readonly algorithm: string;
  readonly processors: number;
}

/** 1, 2, 4, ... to the cores, then twice and four times the cores, where spinning collapses; as many as a machine takes. */
export function defaultProcessors(cores: number): number[] {
  const counts = [cores, 2 * cores, 4 * cores];
  for (let processors = 1; processors < cores; processors *= 2) counts.push(processors);
  return counts.filter((processors) => processors <= MAXIMUM_PROCESSORS).sort((a, b) => a - b);
}

/**
 * Evaluates algorithms on the native machine. The repetitions are the outermost loop: whatever drifts on the computer
 * drifts for all algorithms alike.
 *
 * @throws {Error} what a run on the machine throws; measurements made until then are lost
 */
export async function evaluate(
  machine: NativeMachine,
  kernel: Kernel,
  options: EvaluateOptions,
): Promise<Measurement[]> {
  const { effort, seed, processors, algorithms, signal, progress } = options;
  const experiments = new Experiments(machine, kernel);
  const host: Host = {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: machine.cores,
    node: process.versions.node,
    pinned: machine.pinned,
    load: loadavg()[0]!,
  };
  const rows: Measurement[] = [];
  const total = effort.repetitions * algorithms.length * processors.length;
  let done = 0;
  for (let repetition = 0; repetition < effort.repetitions; repetition++) {
    for (const algorithm of algorithms) {
      for (const count of processors) {
        progress?.({ done: done++, total, algorithm: algorithm.name, processors: count });
        const add = (metric: Metric, value: number, processor?: number) =>
          rows.push({
            machine: machine.name,
            workload: algorithm.kind,
            algorithm: algorithm.name,
            processors: count,
            metric,
            value,
            unit: UNITS[metric],
            seed,
            repetition,
            ...host,
            ...(processor !== undefined && { processor }),
          });
        const step: MeasureStep = {
          experiments,
          algorithm,
          processors: count,
          effort,
          seed: seed + repetition,
          add,
          signal,
        };
        if (repetition === 0) add("space", experiments.space(algorithm, count));
        await MEASURE[algorithm.kind](step);
      }
    }
  }
  return rows;
}

interface MeasureStep {
  readonly experiments: Experiments;
  readonly algorithm: Algorithm;
  readonly processors: number;
  readonly effort: Effort;
  readonly seed: number;
  readonly add: (metric: Metric, value: number, processor?: number) => void;
  readonly signal: AbortSignal | undefined;
}

const MEASURE: Record<Algorithm["kind"], (step: MeasureStep) => Promise<void>> = {
  lock: measureLock,
  barrier: measureBarrier,
  counter: measureCounter,
};

async function measureLock(step: MeasureStep): Promise<void> {
  const { experiments, algorithm, processors, effort, add } = step;
  if (processors === 1) add("latency", await experiments.latency(algorithm, effort.operations, step.signal));
  const run = await experiments.workload(algorithm, workloadOptions(step));
  const acquisitions = sum(run.done);
  if (acquisitions > 0) {
    add("passingTime", run.elapsed / acquisitions);
    add("fairness", jainIndex(run.done));
    run.done.forEach((count, processor) => void add("share", count / acquisitions, processor));
  }
  // Timing every wait costs two looks at the clock, so it has a run of its own.
  const observed = await experiments.workload(algorithm, { ...workloadOptions(step), observed: true });
  add("longestWait", Math.max(...observed.longestWaits));
  if (sum(observed.done) > 0) add("meanWait", sum(observed.totalWaits) / sum(observed.done));
  const cutOff = Math.max(run.cutOff.length, observed.cutOff.length);
  if (cutOff > 0) add("cutOff", cutOff);
}

async function measureBarrier(step: MeasureStep): Promise<void> {
  const { experiments, algorithm, add } = step;
  const run = await experiments.workload(algorithm, workloadOptions(step));
  const episodes = Math.min(...run.done);
  if (run.cutOff.length > 0) add("cutOff", run.cutOff.length);
  if (episodes > 0) add("episodeTime", run.elapsed / episodes);
}

async function measureCounter(step: MeasureStep): Promise<void> {
  const { experiments, algorithm, processors, effort, add, signal } = step;
  const run = await experiments.workload(algorithm, workloadOptions(step));
  add("additionTime", run.elapsed / sum(run.done));
  add("throughput", (sum(run.done) / run.elapsed) * 1e9);
  add("approximateRead", await experiments.read(algorithm, processors, effort.operations, false, signal));
  add("exactRead", await experiments.read(algorithm, processors, effort.operations, true, signal));
}

function workloadOptions({ processors, effort, seed, signal }: MeasureStep) {
  return { processors, milliseconds: effort.milliseconds, seed, ...(signal && { signal }) };
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
