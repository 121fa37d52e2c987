/** What is measured of each kind of algorithm, on one machine, with one number of processors. */
import type { Algorithm, Kind } from "../program/kernel.js";
import type { Effort } from "./effort.js";
import type { Experiments, WorkloadResult } from "./experiment.js";
import { jainIndex, type Measurement, type Metric, rate } from "./measurement.js";

/**
 * Cycles of a long critical section, or mean cycles of work before a barrier, for each processor: long enough for all who
 * are awoken in vain, one after the other, to wait again before it is over.
 */
const LONG = 250;
/** How many times longer the wait is in the second of the two runs that tell where processors wait. */
const LONGER = 4;
/** Turns of each processor with those. */
const LONG_TURNS = 2;

/** Mean cycles of thinking before each turn, the most that there can be: nobody asks for the lock meanwhile. */
const NEVER = 2 ** 31 - 1;

/** One algorithm at one number of processors; `add` takes what is measured. */
export interface MeasureStep {
  readonly experiments: Experiments;
  readonly algorithm: Algorithm;
  readonly processors: number;
  readonly effort: Effort;
  readonly seed: number;
  readonly add: (metric: Metric, value: number, of?: Pick<Measurement, "processor" | "detail">) => void;
  readonly signal: AbortSignal | undefined;
}

export const MEASURE: Readonly<Record<Kind, (step: MeasureStep) => Promise<void>>> = {
  lock: measureLock,
  barrier: measureBarrier,
  counter: measureCounter,
};

async function measureLock(step: MeasureStep): Promise<void> {
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

async function measureBarrier(step: MeasureStep): Promise<void> {
  const { experiments, algorithm, effort, add } = step;
  const { episodes: turns, duration } = effort;
  const limit = turns === undefined ? { duration } : { turns };
  const run = await experiments.workload(algorithm, { ...settingsOf(step), ...limit });
  const episodes = Math.min(...run.done);
  if (run.cutOff.length > 0) add("cutOff", run.cutOff.length);
  if (episodes > 0) {
    add("episodeTime", run.elapsed / episodes);
    addTraffic(step, run, episodes);
  }
  await measureWaiting(step, "think");
}

async function measureCounter(step: MeasureStep): Promise<void> {
  const { experiments, algorithm, processors, effort, add, signal } = step;
  const run = await experiments.workload(algorithm, { ...settingsOf(step), duration: effort.duration });
  const additions = sum(run.done);
  add("additionTime", run.elapsed / additions);
  add("throughput", rate(additions, run.elapsed, experiments.machine.unit));
  addTraffic(step, run, additions);
  add("approximateRead", await experiments.read(algorithm, processors, effort.operations, false, signal));
  add("exactRead", await experiments.read(algorithm, processors, effort.operations, true, signal));
}

/** What a run's references did, per operation. */
function addTraffic({ add }: MeasureStep, { traffic }: WorkloadResult, operations: number): void {
  if (traffic === undefined) return;
  for (const metric of ["readModifyWrites", "networkReferences", "invalidations", "updates"] as const) {
    add(metric, traffic[metric] / operations);
  }
  if (traffic.busiest) add("utilization", traffic.busiest.utilization, { detail: traffic.busiest.link });
}

/**
 * Whether waiting touches the network: two runs in which the wait differs in length alone. What a wait costs once is
 * told apart from what it costs as long as it lasts.
 */
async function measureWaiting(step: MeasureStep, longer: "busy" | "think"): Promise<void> {
  const { experiments, algorithm, processors, add } = step;
  // Checking a barrier takes a look at the others' records, which no message brings.
  if (!experiments.machine.observes || processors === 1 || algorithm.communicates === "messages") return;
  const runWith = (cycles: number) =>
    experiments.workload(algorithm, { ...settingsOf(step), turns: LONG_TURNS, observed: true, [longer]: cycles });
  const referencesOfWait = ({ traffic }: WorkloadResult) => traffic!.waitingReferences / traffic!.waits;
  const run = await runWith(LONG * processors);
  if (run.disturbed !== undefined) add("disturbed", run.disturbed);
  const [short, long] = [referencesOfWait(run), referencesOfWait(await runWith(LONGER * LONG * processors))];
  add("waitingReferences", short);
  add("waitingGrowth", short === 0 ? 0 : long / short - 1);
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

function settingsOf({ processors, seed, signal }: MeasureStep) {
  return { processors, seed, ...(signal && { signal }) };
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
