/** A model's figure: computed, or simulated with the kernel's own decisions. */
import { host } from "#host";
import type { Host, Measurement } from "../experiments/measurement.js";
import type { Kernel } from "../program/kernel.js";
import type { Estimate } from "./batch-means.js";
import { type Network, type NetworkResult, simulateNetwork } from "./closed-network.js";
import type { ModelCurve, ModelFigure, Simulate } from "./figure.js";
import type { ReproducedCurve, ReproduceOptions, Reproduction } from "./reproduction.js";

/**
 * Computes a figure's points.
 *
 * @param xsOf which of a curve's
 * @param next called before each point
 */
export async function reproduceModel(
  figure: ModelFigure,
  simulate: Simulate,
  { seed }: ReproduceOptions,
  xsOf: (curve: ModelCurve) => readonly number[],
  next: (curve: ModelCurve) => void,
): Promise<Reproduction> {
  const curves: ReproducedCurve[] = [];
  const rows: Measurement[] = [];
  for (const curve of figure.curves) {
    const values: (readonly [x: number, value: Partial<Estimate> & Pick<Estimate, "mean">])[] = [];
    for (const x of xsOf(curve)) {
      next(curve);
      const value = await curve.value(x, simulate);
      values.push([x, typeof value === "number" ? { mean: value } : value]);
    }
    curves.push({
      curve,
      simulated: values.map(([x, { mean }]) => [x, mean]),
      halfWidths: values.flatMap(([x, { halfWidth }]) => (halfWidth === undefined ? [] : [[x, halfWidth] as const])),
      references: [],
    });
    for (const [x, { mean }] of values) rows.push(...rowOf(figure, curve, x, mean, seed));
  }
  return { figure, curves, rows };
}

/** None of what is computed without the kernel. */
function rowOf(figure: ModelFigure, curve: ModelCurve, x: number, value: number, seed: number): Measurement[] {
  const { name, model, processors, metric, unit, axis } = figure;
  if (metric === undefined || curve.algorithm === undefined) return [];
  return [
    {
      machine: model,
      workload: "policy",
      algorithm: curve.algorithm,
      processors,
      metric,
      value,
      unit,
      seed,
      repetition: 0,
      detail: `${name}: ${curve.name}, ${axis} = ${x}`,
      ...hostOfModel(model, processors),
    },
  ];
}

/** A model's processors are its own, and nothing disturbs them. */
function hostOfModel(model: string, processors: number): Host {
  return { cpu: model, cores: processors, node: host.node, pinned: true, load: host.load() };
}

/** Simulates networks, each that is asked for again only once. */
export function simulatorOf(kernel: Kernel, { effort, seed, signal }: ReproduceOptions): Simulate {
  const results = new Map<string, Promise<NetworkResult>>();
  return (network: Network) => {
    const key = JSON.stringify(network, Object.keys(network).sort());
    let result = results.get(key);
    if (result === undefined) {
      result = simulateNetwork(kernel, network, effort.completions, seed, signal);
      results.set(key, result);
    }
    return result;
  };
}
