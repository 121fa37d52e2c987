/** What kinds of algorithms have in common: the traffic of a run, and whether those who wait touch the network. */
import type { WorkloadResult } from "./experiment.js";
import type { MeasureStep } from "./kinds/kind.js";

/**
 * Cycles of a long critical section, or mean cycles of work before a barrier, for each processor: long enough for all who
 * are awoken in vain, one after the other, to wait again before it is over.
 */
const LONG = 250;
/** How many times longer the wait is in the second of the two runs that tell where processors wait. */
const LONGER = 4;
/** Turns of each processor with those. */
const LONG_TURNS = 2;

/** What a run's references did, per operation. */
export function addTraffic({ add }: MeasureStep, { traffic }: WorkloadResult, operations: number): void {
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
export async function measureWaiting(step: MeasureStep, longer: "busy" | "think"): Promise<void> {
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

export function settingsOf({ processors, seed, signal }: MeasureStep) {
  return { processors, seed, ...(signal && { signal }) };
}

export function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
