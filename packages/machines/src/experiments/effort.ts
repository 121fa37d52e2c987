import type { Machine, TimeUnit } from "../machines/machine.js";

/** How much an evaluation measures on a machine. */
export interface Effort {
  readonly repetitions: number;
  /** Time of each run that is measured by time, in the machine's unit. */
  readonly duration: number;
  /** Operations of each run that is measured by count. */
  readonly operations: number;
  /** Episodes of each run of a barrier; without it they are measured by time. */
  readonly episodes?: number;
  /** Executions of each task, in the time that they take if none is cold and none waits. */
  readonly executions: number;
  /** The most processors, unless told which. */
  readonly processors: number;
}

/** An effort for the machines of each unit: native ones by the time they take, simulated ones by what they count. */
export type Efforts = Readonly<Record<TimeUnit, Effort>>;

/**
 * For a first look: some 20 seconds for this computer and 15 for the four simulated machines, on two cores. One
 * repetition is enough where the same run brings the same.
 */
export const QUICK: Efforts = {
  ns: { repetitions: 3, duration: 15e6, operations: 100_000, executions: 6, processors: 1024 },
  cycles: { repetitions: 1, duration: 20_000, operations: 100, episodes: 10, executions: 6, processors: 20 },
};
/** For results to keep: some ten minutes on two cores. */
export const FULL: Efforts = {
  ns: { repetitions: 10, duration: 250e6, operations: 2_000_000, executions: 25, processors: 1024 },
  cycles: { repetitions: 3, duration: 100_000, operations: 500, episodes: 25, executions: 15, processors: 64 },
};

/**
 * 1, 2, 4, ... to the cores, then twice and four times the cores, where spinning collapses; as many as the machine
 * takes, and not more than `most`.
 */
export function defaultProcessors({ cores, maximum }: Pick<Machine, "cores" | "maximum">, most = maximum): number[] {
  const counts = [cores, 2 * cores, 4 * cores];
  for (let processors = 1; processors < cores; processors *= 2) counts.push(processors);
  return counts.filter((processors) => processors <= Math.min(maximum, most)).sort((a, b) => a - b);
}
