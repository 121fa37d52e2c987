/** Tasks of different footprints side by side: kernel/workloads/mix.ts, on a machine whose processors share a cache. */
import type { Machine } from "../machines/machine.js";
import { entryPrefix, type Kernel } from "../program/kernel.js";
import { createMemory } from "../program/program.js";
import { call, hostInstance } from "./kernel-host.js";
import { jainIndex } from "./measurement.js";
import { sum } from "./workload-measures.js";

/** What is run, and for how long. */
export interface MixOptions {
  /** Of each task, in lines of 64 bytes: 1 or more. */
  readonly footprints: readonly number[];
  /** 1 to the machine's maximum, and no more than there are tasks. */
  readonly processors: number;
  /** Of all tasks together. */
  readonly executions: number;
  /** Cycles of an execution, on average. */
  readonly quantum: number;
  /** What the head of the policy's file says. */
  readonly parameter: number;
  /** In cycles: what the head of the policy's file says of a bound; 0 for none. */
  readonly bound: number;
  /** Whether tasks are profiled before. */
  readonly profiled: boolean;
  readonly seed: number;
  readonly signal?: AbortSignal;
}

/** What a run of tasks side by side measured. */
export interface MixResult {
  /** References to footprints by cycles, of all processors: what tasks got done. Each takes as many instructions. */
  readonly referencesPerCycle: number;
  /** References of an execution, the mean over the tasks: what executions get done where each task has as many. */
  readonly referencesPerExecution: number;
  /** Misses in the shared cache by references to footprints. */
  readonly sharedMissRatio: number;
  /** Jain's index of how often tasks were executed: 1 if all as often. */
  readonly fairness: number;
  /** Cycles that the profiles took, by the cycles of the run after them. */
  readonly profiling: number;
}

/**
 * Runs tasks side by side under a policy.
 *
 * @throws {Error} what the machine's run throws
 */
export async function runMix(
  machine: Machine,
  kernel: Kernel,
  policy: string,
  options: MixOptions,
): Promise<MixResult> {
  const { footprints, processors, executions, quantum, parameter, bound, profiled, seed, signal } = options;
  const memory = createMemory(kernel);
  const host = hostInstance(kernel, memory);
  host.boot(processors);
  host.set_cores(machine.cores);
  const mix = call(
    host,
    policy,
    "mix",
    ...[processors, footprints.length, parameter, bound, executions, quantum, profiled ? 1 : 0, seed],
  );
  for (const [task, lines] of footprints.entries()) host.mix_footprint(mix, task, lines);
  call(host, policy, "mix_begin", mix);
  await machine.run(kernel, `${entryPrefix(policy)}_mix_run`, {
    processors,
    arguments: [mix],
    memory,
    seed,
    ...(signal && { signal }),
  });
  const each = (read: (mix: number, processor: number) => number) =>
    Array.from({ length: processors }, (_, processor) => read(mix, processor));
  const cycles = Math.max(...each(host.mix_end)) - Math.min(...each(host.mix_begin));
  const referencesOf = footprints.map((_, task) => host.mix_references(mix, task));
  const executionsOf = footprints.map((_, task) => host.mix_executions(mix, task) >>> 0);
  const references = sum(referencesOf);
  return {
    referencesPerCycle: references / cycles,
    referencesPerExecution: sum(referencesOf.map((made, task) => made / executionsOf[task]!)) / footprints.length,
    sharedMissRatio: sum(each(host.mix_shared_misses)) / references,
    fairness: jainIndex(executionsOf),
    profiling: Math.max(...each(host.mix_profiling)) / cycles,
  };
}
