import { rate } from "../measurement.js";
import { addTraffic, settingsOf, sum } from "../workload-measures.js";
import type { MeasuredKind, MeasureStep } from "./kind.js";

export const counter: MeasuredKind = {
  measure,
  operations: sum,
  property: "sum",
  // Sloppy counters publish from the 32nd addition on.
  loads: [
    { processors: 2, turns: 34 },
    { processors: 3, turns: 34 },
  ],
};

async function measure(step: MeasureStep): Promise<void> {
  const { experiments, algorithm, processors, effort, add, signal } = step;
  const run = await experiments.workload(algorithm, { ...settingsOf(step), duration: effort.duration });
  const additions = sum(run.done);
  add("additionTime", run.elapsed / additions);
  add("throughput", rate(additions, run.elapsed, experiments.machine.unit));
  addTraffic(step, run, additions);
  add("approximateRead", await experiments.read(algorithm, processors, effort.operations, false, signal));
  add("exactRead", await experiments.read(algorithm, processors, effort.operations, true, signal));
}
