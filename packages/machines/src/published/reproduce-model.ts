/** A model's figure: computed, or simulated with the kernel's own decisions. */
import { host } from "#host";
import { callTogether, MECHANISMS, measureCall } from "../experiments/calls.js";
import type { Host, Measurement } from "../experiments/measurement.js";
import { runMix } from "../experiments/mix.js";
import { findPreset } from "../machines/presets/find.js";
import { SimulatedMachine } from "../machines/simulated/machine.js";
import { bootMachine } from "../machines/simulated/privileged/boot.js";
import type { Kernel } from "../program/kernel.js";
import { loadMeasuredProgram } from "../program/measured-programs.js";
import { loadOperatingSystem } from "../program/operating-systems.js";
import type { Estimate } from "./batch-means.js";
import { type Network, simulateNetwork } from "./closed-network.js";
import type { ChipMix, DomainCalls, DomainCallsResult, ModelCurve, ModelFigure, Simulations } from "./figure.js";
import { type Multiprogramming, simulateUtilization } from "./multiprogramming.js";
import type { ReproducedCurve, ReproduceOptions, Reproduction } from "./reproduction.js";

/**
 * Computes a figure's points.
 *
 * @param xsOf which of a curve's
 * @param next called before each point
 */
export async function reproduceModel(
  figure: ModelFigure,
  simulations: Simulations,
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
      const value = await curve.value(x, simulations);
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

/** Simulates what figures ask for, the same again only once. */
export function simulationsOf(kernel: Kernel, { effort, seed, signal }: ReproduceOptions): Simulations {
  return {
    network: once((network: Network) => simulateNetwork(kernel, network, effort.completions, seed, signal)),
    utilization: once((options: Multiprogramming) => simulateUtilization(kernel, options, effort.ticks, seed, signal)),
    calls: once((calls: DomainCalls) => simulateCalls(calls, seed, signal)),
    shipping: once(({ machine }: { machine: string }) => simulateShipping(machine, seed, signal)),
    chip: once(({ kilobytes, policy, ...mix }: ChipMix) =>
      runMix(chipWith(kilobytes), kernel, policy, {
        ...mix,
        executions: effort.executions,
        seed,
        ...(signal && { signal }),
      }),
    ),
  };
}

const CALLS_EFFORT = { few: 20, many: 60 };

async function simulateCalls(
  { machine, mechanism, procedure = 0, processors }: DomainCalls,
  seed: number,
  signal: AbortSignal | undefined,
): Promise<DomainCallsResult> {
  const description = findPreset(machine);
  const { megahertz } = description.processor;
  const how = MECHANISMS.find(({ name }) => name === mechanism)!;
  const settings = {
    kernel: await loadOperatingSystem("calls"),
    client: await loadMeasuredProgram("calls-client"),
    server: await loadMeasuredProgram("calls-server"),
    effort: CALLS_EFFORT,
    seed,
    ...(signal && { signal }),
  };
  if (processors !== undefined) {
    const { calls, elapsed } = await callTogether(description, how, processors, settings);
    const microseconds = elapsed / calls / megahertz;
    const none = Number.NaN;
    return { microseconds, instructions: none, perSecond: 1e6 / microseconds, stubs: none, kernel: none, misses: none };
  }
  const { totals } = await measureCall(description, how, procedure, settings);
  const microseconds = totals.callCycles / megahertz;
  const { cyclesPerInstruction } = description.processor;
  const { overhead } = description.privileged!.reload as { overhead: number };
  return {
    microseconds,
    instructions: totals.kernelInstructions + totals.userInstructions,
    perSecond: 1e6 / microseconds,
    stubs: (totals.userInstructions * cyclesPerInstruction) / megahertz,
    kernel: (totals.kernelInstructions * cyclesPerInstruction) / megahertz,
    misses: (totals.translationMisses * overhead) / megahertz,
  };
}

const SHIPPING = "mechanism=ppc client=shipping procedure=128 calls=5";

/** The client prints what a call takes, by lines: straight between two of its numbers. */
async function simulateShipping(machine: string, seed: number, signal: AbortSignal | undefined): Promise<number> {
  let printed = "";
  const utf8 = new TextDecoder();
  await bootMachine(findPreset(machine), await loadOperatingSystem("calls"), {
    processors: 2,
    images: [await loadMeasuredProgram("calls-client"), await loadMeasuredProgram("calls-server")],
    arguments: SHIPPING,
    seed,
    onConsole: (bytes) => {
      printed += utf8.decode(bytes, { stream: true });
    },
    ...(signal && { signal }),
  });
  const rows = [...printed.matchAll(/(\d+) lines: (\d+) cycles there, (\d+) here/g)].map((row) =>
    row.slice(1).map(Number),
  );
  if (rows.length === 0) throw new Error(`Cannot compare shipping on ${machine}: received no numbers; expected some`);
  let [before = 0, more = 0] = [0, 0];
  for (const [lines, there, here] of rows as [number, number, number][]) {
    if (there <= here) return before + ((lines - before) * more) / (more + here - there);
    [before, more] = [lines, there - here];
  }
  return Number.POSITIVE_INFINITY;
}

/** Results by what was asked for, whatever the order of its fields. */
function once<Asked extends object, Result>(simulate: (asked: Asked) => Promise<Result>) {
  const results = new Map<string, Promise<Result>>();
  return (asked: Asked) => {
    const key = JSON.stringify(asked, Object.keys(asked).sort());
    const result = results.get(key) ?? simulate(asked);
    results.set(key, result);
    return result;
  };
}

function chipWith(kilobytes: number): SimulatedMachine {
  const chip = findPreset("chip-multiprocessor");
  if (chip.architecture.kind !== "bus" || chip.architecture.memory.cache === undefined) {
    throw new TypeError("Cannot simulate a chip multiprocessor: expected a preset with a shared cache");
  }
  const { memory, ...architecture } = chip.architecture;
  const cache = { ...chip.architecture.memory.cache, size: 1024 * kilobytes };
  return new SimulatedMachine({ ...chip, architecture: { ...architecture, memory: { ...memory, cache } } });
}
