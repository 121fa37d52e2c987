import { jainIndex } from "../measurement.js";
import { addTraffic, measureWaiting, settingsOf, sum } from "../workload-measures.js";
import type { MeasuredKind, MeasureStep } from "./kind.js";

/** Mean cycles of thinking before each turn, the most that there can be: nobody asks for the lock meanwhile. */
const NEVER = 2 ** 31 - 1;

export const lock: MeasuredKind = {
  measure,
  operations: sum,
  property: "exclusion",
  loads: [
    { processors: 2, turns: 3 },
    { processors: 3, turns: 2 },
    { processors: 4, turns: 1 },
  ],
};

async function measure(step: MeasureStep): Promise<void> {
  const { experiments, algorithm, processors, effort, add } = step;
  if (processors === 1) add("latency", await experiments.latency(algorithm, effort.operations, step.signal));
  const run = await experiments.workload(algorithm, { ...settingsOf(step), duration: effort.duration });
  const acquisitions = sum(run.done);
  if (acquisitions > 0) {
    add("passingTime", run.elapsed / acquisitions);
    add("fairness", jainIndex(run.done));
    run.done.forEach((count, processor) => void add("share", count / acquisitions, { processor }));
    addTraffic(step, run, acquisitions);
  }
  // Timing every wait costs two looks at the clock, so it has a run of its own.
  const observed = await experiments.workload(algorithm, {
    ...settingsOf(step),
    duration: effort.duration,
    observed: true,
  });
  add("longestWait", Math.max(...observed.longestWaits));
  if (sum(observed.done) > 0) add("meanWait", sum(observed.totalWaits) / sum(observed.done));
  if (observed.overtaken !== undefined) add("overtaken", observed.overtaken);
  const cutOff = Math.max(run.cutOff.length, observed.cutOff.length);
  if (cutOff > 0) add("cutOff", cutOff);
  await measureWaiting(step, "busy");
  await measureBystanders(step);
}

/** What waiting costs those who take no part: their references while others contend, by those while nobody does. */
async function measureBystanders(step: MeasureStep): Promise<void> {
  const { experiments, algorithm, processors, effort, add } = step;
  const { machine } = experiments;
  if (!machine.observes || processors === 1 || processors + 2 > machine.maximum) return;
  const latencies = (think: number) =>
    experiments.bystanders(algorithm, { ...settingsOf(step), duration: effort.duration, think });
  const [contended, undisturbed] = [await latencies(0), await latencies(NEVER)];
  add("bystanderAtHome", contended.atHome / undisturbed.atHome);
  add("bystanderElsewhere", contended.elsewhere / undisturbed.elsewhere);
}
