import { host } from "#host";
import { type Machine, UnavailableError } from "../machines/machine.js";
import type { Algorithm, Kernel } from "../program/kernel.js";
import { defaultProcessors, type Efforts } from "./effort.js";
import { Experiments } from "./experiment.js";
import { hostOf } from "./host.js";
import { MEASURED } from "./kinds/index.js";
import { type Measurement, type Metric, type Of, unitOf } from "./measurement.js";

export interface EvaluateOptions {
  readonly effort: Efforts;
  /** What random delays begin with, a 32-bit word; repetition r begins with seed + r. */
  readonly seed: number;
  /** Which numbers of processors, each at least 1; each machine's `defaultProcessors` if not given. */
  readonly processors?: readonly number[];
  /** Which of the kernel's algorithms; of them each machine runs those that communicate as its processors can. */
  readonly algorithms: readonly Algorithm[];
  readonly signal?: AbortSignal;
  /** Called before each step. */
  readonly progress?: (step: EvaluationStep) => void;
}

/** Where an evaluation is. */
export interface EvaluationStep {
  /** Steps done before this one. */
  readonly done: number;
  readonly total: number;
  readonly machine: string;
  readonly algorithm: string;
  readonly processors: number;
}

/**
 * Evaluates algorithms on machines, one after the other. On each of them the repetitions are the outermost loop:
 * whatever drifts on the computer drifts for all algorithms alike. What needs something that the machine lacks gets a
 * row that says so.
 *
 * @throws {Error} what a run on a machine throws; measurements made until then are lost
 */
export async function evaluate(
  machines: readonly Machine[],
  kernel: Kernel,
  options: EvaluateOptions,
): Promise<Measurement[]> {
  const plans = machines.map((machine) => planOf(machine, options));
  const total = plans.reduce((sum, { length }) => sum + length, 0);
  const load = host.load();
  const rows: Measurement[] = [];
  let done = 0;
  for (const [i, machine] of machines.entries()) {
    const experiments = new Experiments(machine, kernel);
    for (const { repetition, algorithm, processors } of plans[i]!) {
      options.progress?.({ done: done++, total, machine: machine.name, algorithm: algorithm.name, processors });
      const place = hostOf(machine, load);
      const add = (metric: Metric, value: number, of?: Of) =>
        rows.push({
          machine: machine.name,
          workload: algorithm.kind,
          algorithm: algorithm.name,
          processors,
          metric,
          value,
          unit: unitOf(metric, machine.unit),
          seed: options.seed,
          repetition,
          ...place,
          ...of,
        });
      try {
        mustBePossible(algorithm, processors);
        if (repetition === 0 && algorithm.kind !== "policy") add("space", experiments.space(algorithm, processors));
        await MEASURED[algorithm.kind].measure({
          experiments,
          algorithm,
          processors,
          effort: options.effort[machine.unit],
          seed: options.seed + repetition,
          add,
          signal: options.signal,
        });
      } catch (error) {
        if (!(error instanceof UnavailableError)) throw error;
        add("unavailable", 1, { detail: error.needs });
      }
    }
  }
  return rows;
}

/** @throws {UnavailableError} if fewer processors can take part */
function mustBePossible({ name, most }: Algorithm, processors: number): void {
  if (most === undefined || processors <= Number(most)) return;
  throw new UnavailableError(
    `Cannot evaluate ${name}: received ${processors} processors; expected at most ${most}`,
    `at most ${most} processors`,
  );
}

interface PlannedStep {
  readonly repetition: number;
  readonly algorithm: Algorithm;
  readonly processors: number;
}

function planOf(machine: Machine, { effort, processors, algorithms }: EvaluateOptions): PlannedStep[] {
  const { repetitions, processors: most } = effort[machine.unit];
  const counts = processors ?? defaultProcessors(machine, most);
  const possible = algorithms.filter((algorithm) => canCommunicate(machine, algorithm));
  return Array.from({ length: repetitions }, (_, repetition) =>
    possible.flatMap((algorithm) => counts.map((processors) => ({ repetition, algorithm, processors }))),
  ).flat();
}

/** Whether the machine's processors have what those of the algorithm communicate by. */
export function canCommunicate(
  { communication }: Pick<Machine, "communication">,
  { communicates }: Algorithm,
): boolean {
  return communication === (communicates ?? "shared memory");
}
