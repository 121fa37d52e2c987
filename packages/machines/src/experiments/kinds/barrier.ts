import { addTraffic, measureWaiting, settingsOf } from "../workload-measures.js";
import type { MeasuredKind, MeasureStep } from "./kind.js";

export const barrier: MeasuredKind = {
  measure,
  operations: (done) => Math.min(...done),
  property: "barrier",
  loads: [
    { processors: 2, turns: 3 },
    { processors: 3, turns: 3 },
    { processors: 4, turns: 3 },
  ],
};

async function measure(step: MeasureStep): Promise<void> {
  const { experiments, algorithm, effort, add } = step;
  const { episodes: turns, duration } = effort;
  const limit = turns === undefined ? { duration } : { turns };
  const run = await experiments.workload(algorithm, { ...settingsOf(step), ...limit });
  const episodes = barrier.operations(run.done);
  if (run.cutOff.length > 0) add("cutOff", run.cutOff.length);
  if (episodes > 0) {
    add("episodeTime", run.elapsed / episodes);
    addTraffic(step, run, episodes);
  }
  await measureWaiting(step, "think");
}
