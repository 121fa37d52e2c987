import { ChosenExecution } from "../executions/chosen-execution.js";
import type { Properties } from "../properties/properties.js";
import { NewlyShared } from "../system/cells.js";
import type { System } from "../system/system.js";
import { Counterexample } from "./counterexample.js";

/** A transition, and how many times in a row. */
interface Run {
  readonly transition: number;
  readonly times: number;
}

/** Steps that all attempts together take, about. */
const STEPS = 500_000;

/**
 * A violation of the same kind by a schedule with fewer context switches, then fewer steps, if there is one near: runs of
 * one processor are left out or joined with one before or after while it remains (delta debugging: Zeller & Hildebrandt,
 * IEEE TSE 28(2), 2002; of schedules: Jalbert & Sen, FSE 2010). Steps that are not possible where they come are left out,
 * and at the end of the schedule the execution goes on without more preemptions. A function of its arguments.
 */
export function reduceSwitches(system: System, properties: Properties, counterexample: Counterexample): Counterexample {
  let fresh = system.fresh();
  let best = counterexample;
  let attempts = Math.ceil(STEPS / (counterexample.schedule.length + 1));
  const longest = 2 * counterexample.schedule.length + 1000;
  const attempt = (runs: readonly Run[]): boolean => {
    if (attempts-- <= 0) return false;
    let result: Counterexample | undefined;
    try {
      result = replay(fresh, properties, runs, longest);
    } catch (error) {
      if (!(error instanceof NewlyShared)) throw error;
      // The steps of a schedule are other ones where more words are shared.
      fresh = system.fresh();
    }
    if (result?.violated.kind !== best.violated.kind || !isShorter(result.schedule, best.schedule)) return false;
    best = result;
    return true;
  };
  attempt([]);
  for (let before: Counterexample | undefined; before !== best; ) {
    before = best;
    for (let size = runsOf(best.schedule).length; size >= 1; size >>= 1) {
      for (let at = runsOf(best.schedule).length - size; at >= 0; at--) {
        const runs = runsOf(best.schedule);
        if (at + size > runs.length || attempt(runs.toSpliced(at, size)) || size > 1) continue;
        if (!attempt(joined(runs, at, 1))) attempt(joined(runs, at, -1));
      }
    }
  }
  return best;
}

/** The violation that a schedule leads to, in so many steps at most. */
function replay(
  system: System,
  properties: Properties,
  runs: readonly Run[],
  longest: number,
): Counterexample | undefined {
  try {
    const execution = new ChosenExecution(system, properties);
    for (const { transition, times } of runs) {
      for (let i = 0; i < times && system.isEnabled(transition); i++) execution.take(transition);
    }
    const { firstDeath } = system.transitions;
    for (let last = execution.schedule.at(-1) ?? 0; execution.schedule.length < longest; execution.take(last)) {
      if (execution.canTake(last)) continue;
      last = 0;
      while (last < firstDeath && !execution.canTake(last)) last++;
      if (last === firstDeath) {
        execution.end();
        break;
      }
    }
    return undefined;
  } catch (error) {
    if (error instanceof Counterexample) return error;
    throw error;
  }
}

function runsOf(schedule: readonly number[]): Run[] {
  const runs: { transition: number; times: number }[] = [];
  for (const transition of schedule) {
    const run = runs.at(-1);
    if (run?.transition === transition) run.times++;
    else runs.push({ transition, times: 1 });
  }
  return runs;
}

/** With one run moved to the next one of the same transition in a direction, if there is one. */
function joined(runs: readonly Run[], at: number, direction: 1 | -1): Run[] {
  const { transition, times } = runs[at]!;
  let other = at + direction;
  while (runs[other] !== undefined && runs[other]!.transition !== transition) other += direction;
  const target = runs[other];
  if (target === undefined) return [...runs];
  return runs.with(other, { transition, times: target.times + times }).toSpliced(at, 1);
}

function isShorter(schedule: readonly number[], than: readonly number[]): boolean {
  const [switches, others] = [runsOf(schedule).length, runsOf(than).length];
  return switches < others || (switches === others && schedule.length < than.length);
}
