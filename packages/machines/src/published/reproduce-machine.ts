/** A machine's figure: the kernel's algorithms on the simulated machine. */
import { Experiments, type WorkloadOptions, type WorkloadResult } from "../experiments/experiment.js";
import { hostOf } from "../experiments/host.js";
import type { Measurement, Metric } from "../experiments/measurement.js";
import { PRESETS } from "../machines/presets/index.js";
import { SimulatedMachine } from "../machines/simulated/machine.js";
import type { Algorithm, Kernel } from "../program/kernel.js";
import type { MachineCurve, MachineFigure, Quantity, Workload } from "./figure.js";
import type { ReproducedCurve, ReproduceEffort, ReproduceOptions, Reproduction } from "./reproduction.js";

const METRICS: Readonly<Record<Quantity, Metric>> = {
  "passing time": "passingTime",
  "episode time": "episodeTime",
  "update time": "additionTime",
  quiescence: "quiescence",
  speedup: "passingTime",
};

/**
 * Simulates a figure's points.
 *
 * @param processorsOf which of a curve's
 * @param next called before each point
 */
export async function reproduceOnMachine(
  figure: MachineFigure,
  kernel: Kernel,
  options: ReproduceOptions,
  processorsOf: (curve: MachineCurve) => readonly number[],
  next: (curve: MachineCurve) => void,
): Promise<Reproduction> {
  const machine = new SimulatedMachine(PRESETS.find(({ name }) => name === figure.machine)!);
  const experiments = new Experiments(machine, kernel);
  const rows: Measurement[] = [];
  const curves: ReproducedCurve[] = [];
  for (const curve of figure.curves) {
    const algorithm = kernel.algorithms.find(({ name }) => name === curve.algorithm)!;
    const measured: Measured[] = [];
    if (figure.quantity === "quiescence") {
      next(curve);
      measured.push(...(await measureQuiescence(experiments, algorithm, figure, options)));
    } else {
      for (const count of processorsOf(curve)) {
        next(curve);
        measured.push(await measure(experiments, algorithm, workloadOf(figure, curve), count, options));
      }
    }
    const convert = unitsOf(figure, machine.description.processor.megahertz);
    curves.push({
      curve,
      simulated: measured.map(({ processors: count, cycles }) => [count, convert(count, cycles)]),
      halfWidths: [],
      references: measured.flatMap(({ processors: count, references }) =>
        references === undefined ? [] : [[count, references] as const],
      ),
    });
    rows.push(...rowsOf(figure, curve, machine, algorithm, measured, options.seed));
  }
  return { figure, curves, rows };
}

interface Measured {
  readonly processors: number;
  /** Of the figure's metric. */
  readonly cycles: number;
  readonly references?: number;
}

function rowsOf(
  { name, quantity }: MachineFigure,
  curve: MachineCurve,
  machine: SimulatedMachine,
  algorithm: Algorithm,
  measured: readonly Measured[],
  seed: number,
): Measurement[] {
  return measured.map(({ processors, cycles }) => ({
    machine: machine.name,
    workload: algorithm.kind,
    algorithm: algorithm.name,
    processors,
    metric: METRICS[quantity],
    value: cycles,
    unit: machine.unit,
    seed,
    repetition: 0,
    detail: `${name}: ${curve.name}`,
    ...hostOf(machine),
  }));
}

function workloadOf({ workload }: MachineFigure, { slot }: MachineCurve): Workload {
  return workload.kind === "counter" || slot === undefined ? workload : { ...workload, slot };
}

/** What is run, and how many operations its elapsed time is divided by. */
function plan(workload: Workload, processors: number, effort: ReproduceEffort): [Partial<WorkloadOptions>, number] {
  const shared = Math.max(effort.turns, Math.floor(effort.acquisitions / processors));
  switch (workload.kind) {
    case "lock": {
      const { section: busy, think, slot } = workload;
      return [{ turns: shared, busy, think, slot }, shared * processors];
    }
    case "empty lock":
      return [{ turns: shared, empty: true, busy: workload.calls, slot: workload.slot }, shared * processors];
    case "barrier":
      return [{ turns: effort.episodes, slot: workload.slot }, effort.episodes];
    case "counter":
      return [{ turns: effort.additions }, effort.additions * processors];
  }
}

async function measure(
  experiments: Experiments,
  algorithm: Algorithm,
  workload: Workload,
  processors: number,
  { effort, seed, signal }: ReproduceOptions,
): Promise<Measured> {
  const [settings, operations] = plan(workload, processors, effort);
  const options = { processors, seed, ...settings, ...(signal && { signal }) } as WorkloadOptions;
  const run: WorkloadResult = await experiments.workload(algorithm, options);
  const cycles = run.elapsed / operations;
  if (workload.kind !== "barrier") return { processors, cycles };
  // What twice as many episodes refer to more: the begin of a run is not an episode's.
  const longer = await experiments.workload(algorithm, { ...options, turns: 2 * effort.episodes });
  const more = longer.traffic!.networkReferences - run.traffic!.networkReferences;
  return { processors, cycles, references: more / effort.episodes };
}

/**
 * Every processor acquires once, all at the same time: the releases leave one waiting processor fewer each, so one run
 * has all points.
 */
async function measureQuiescence(
  experiments: Experiments,
  algorithm: Algorithm,
  { workload }: MachineFigure,
  { seed, signal }: ReproduceOptions,
): Promise<Measured[]> {
  if (workload.kind !== "lock") throw new RangeError("Cannot measure quiescence: received no lock's workload");
  const { section: busy, slot } = workload;
  const { quiescence } = await experiments.workload(algorithm, {
    processors: experiments.machine.maximum,
    turns: 1,
    busy,
    slot,
    seed,
    observed: true,
    ...(signal && { signal }),
  });
  return quiescence.flatMap((cycles, processors) =>
    cycles === undefined || processors === 0 ? [] : [{ processors, cycles }],
  );
}

/** From cycles of the figure's metric to what the figure shows. */
function unitsOf(
  { quantity, workload }: MachineFigure,
  megahertz: number,
): (processors: number, cycles: number) => number {
  switch (quantity) {
    case "update time":
      return (processors, cycles) => cycles * processors;
    case "speedup":
      // The part of the time in which a processor thinks, by all processors.
      return (_, cycles) => (workload.kind === "lock" ? workload.think / cycles : Number.NaN);
    default:
      return (_, cycles) => cycles / megahertz;
  }
}
