/**
 * Clustered objects, by how their existence is known: an operation that uses three of them beside all processors' others, and
 * what each step of an object's life takes while all processors do the same. Tornado's figures for them are of one
 * processor, or flat.
 */
import { settingsOf, sum } from "../workload-measures.js";
import type { MeasuredKind, MeasureStep } from "./kind.js";

export const object: MeasuredKind = {
  measure,
  operations: sum,
  loads: [],
};

/** Operations measured by count, by turns of a workload that does many in each. */
const BY_TURN = 50;
const LEAST_TURNS = 2;
/** Of round trips, which take a turn of every thread where there are more than cores. */
const MOST_ROUNDS = 20;

/** What is measured of lives: the metric, and its number in kernel/workloads/objects.ts. */
const STEPS = [
  ["operationTime", 0],
  ["createTime", 1],
  ["missTime", 2],
  ["callTime", 3],
  ["destroyTime", 4],
  ["reclaimTime", 5],
] as const;
const ROUND_TRIP = 6;

async function measure(step: MeasureStep): Promise<void> {
  const { experiments, algorithm, processors, effort, add } = step;
  const { lacks = [] } = experiments.machine;
  if (lacks.length > 0) add("lent", 1, { detail: lacks.join(", ") });
  const run = await experiments.workload(algorithm, { ...settingsOf(step), duration: effort.duration, lends: true });
  const uses = sum(run.done);
  if (uses > 0) add("useTime", (run.elapsed * processors) / uses);
  const turns = Math.max(LEAST_TURNS, Math.floor(effort.operations / BY_TURN));
  const lives = await experiments.objects(algorithm, "lives", { ...settingsOf(step), turns });
  if (lives === undefined) return;
  for (const [metric, number] of STEPS) add(metric, sum(lives(number)) / processors);
  if (processors === 1) return;
  const rounds = await experiments.objects(algorithm, "rounds", {
    ...settingsOf(step),
    turns: Math.min(turns, MOST_ROUNDS),
  });
  add("roundTrip", rounds!(ROUND_TRIP)[0]!);
}
