import { Experiments, type WorkloadOptions, type WorkloadResult } from "../experiments/experiment.js";
import { hostOf } from "../experiments/host.js";
import type { Measurement, Metric } from "../experiments/measurement.js";
import { PRESETS } from "../machines/presets/index.js";
import { SimulatedMachine } from "../machines/simulated/machine.js";
import type { Algorithm, Kernel } from "../program/kernel.js";
import type { Curve, Figure, Point, Quantity, Workload } from "./figure.js";

/** How much is simulated of each point. The papers ran 10^5 to 10^6 turns; simulated ones repeat themselves sooner. */
export interface ReproduceEffort {
  /** Acquisitions of all processors together. */
  readonly acquisitions: number;
  readonly episodes: number;
  /** Additions of each processor. */
  readonly additions: number;
  /** At least so many turns a processor, whatever that makes of the sum. */
  readonly turns: number;
}

/** About a minute on one core. */
export const REPRODUCE: ReproduceEffort = { acquisitions: 3000, episodes: 40, additions: 2000, turns: 12 };

export interface ReproduceOptions {
  readonly effort: ReproduceEffort;
  /** Of delays and of the machines' own choices, a 32-bit word. */
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Called before each point. */
  readonly progress?: (step: { readonly done: number; readonly total: number; readonly curve: string }) => void;
}

/** A published curve and what the machine makes of it. */
export interface ReproducedCurve {
  readonly curve: Curve;
  /** In the figure's unit. */
  readonly simulated: readonly Point[];
  /** By processors: references of all of them in one episode that left their nodes; only of barriers. */
  readonly references: readonly Point[];
}

export interface Reproduction {
  readonly figure: Figure;
  readonly curves: readonly ReproducedCurve[];
  /** The same in cycles. */
  readonly rows: readonly Measurement[];
}

const METRICS: Readonly<Record<Quantity, Metric>> = {
  "passing time": "passingTime",
  "episode time": "episodeTime",
  "update time": "additionTime",
  quiescence: "quiescence",
  speedup: "passingTime",
};

/** Where a curve without points is simulated, in parts of its slope's range. */
const PARTS = [0, 0.25, 0.5, 0.75, 1];

/** The numbers of processors at which a curve is simulated: those of its points, and the figure's others. */
export function processorsOf({ also = [] }: Figure, { points, slope }: Curve): readonly number[] {
  const counts = points.map(([processors]) => processors);
  if (points.length === 0 && slope !== undefined) {
    counts.push(...PARTS.map((part) => Math.round(slope.from + part * (slope.to - slope.from))));
  }
  return [...new Set([...counts, ...also])].sort((a, b) => a - b);
}

/**
 * Simulates the points of published figures, one after the other.
 *
 * @param processors which of a curve's; default: all
 * @throws {Error} what a run throws
 */
export async function reproduce(
  figures: readonly Figure[],
  kernel: Kernel,
  options: ReproduceOptions,
  processors: (figure: Figure, curve: Curve) => readonly number[] = processorsOf,
): Promise<Reproduction[]> {
  const points = (figure: Figure) =>
    figure.quantity === "quiescence"
      ? figure.curves.length
      : figure.curves.reduce((sum, curve) => sum + processors(figure, curve).length, 0);
  const total = figures.reduce((sum, figure) => sum + points(figure), 0);
  const reproductions: Reproduction[] = [];
  let done = 0;
  for (const figure of figures) {
    const machine = new SimulatedMachine(PRESETS.find(({ name }) => name === figure.machine)!);
    const experiments = new Experiments(machine, kernel);
    const rows: Measurement[] = [];
    const curves: ReproducedCurve[] = [];
    for (const curve of figure.curves) {
      const algorithm = kernel.algorithms.find(({ name }) => name === curve.algorithm)!;
      const measured: Measured[] = [];
      const next = () => options.progress?.({ done: done++, total, curve: `${figure.name}: ${curve.name}` });
      if (figure.quantity === "quiescence") {
        next();
        measured.push(...(await measureQuiescence(experiments, algorithm, figure, options)));
      } else {
        for (const count of processors(figure, curve)) {
          next();
          measured.push(await measure(experiments, algorithm, workloadOf(figure, curve), count, options));
        }
      }
      const convert = unitsOf(figure, machine.description.processor.megahertz);
      curves.push({
        curve,
        simulated: measured.map(({ processors: count, cycles }) => [count, convert(count, cycles)]),
        references: measured.flatMap(({ processors: count, references }) =>
          references === undefined ? [] : [[count, references] as const],
        ),
      });
      rows.push(...rowsOf(figure, curve, machine, algorithm, measured, options.seed));
    }
    reproductions.push({ figure, curves, rows });
  }
  return reproductions;
}

interface Measured {
  readonly processors: number;
  /** Of the figure's metric. */
  readonly cycles: number;
  readonly references?: number;
}

function rowsOf(
  { name, quantity }: Figure,
  curve: Curve,
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

function workloadOf({ workload }: Figure, { slot }: Curve): Workload {
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
  { workload }: Figure,
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
function unitsOf({ quantity, workload }: Figure, megahertz: number): (processors: number, cycles: number) => number {
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
