/** The properties that every exploration checks in the states that it reaches. */

import type { System } from "../system/system.js";
import { describePlaces } from "./places.js";
import { checkProgress, stuck } from "./progress.js";
import { racing } from "./races.js";
import { Violated } from "./violation.js";

/** The properties that a caller asked for. Each function throws Violated for what is wrong. */
export interface Properties {
  /** Whether data races are looked for. */
  readonly races: boolean;
  /** Called in every state. */
  readonly onState: ((system: System) => void) | undefined;
  /** Called in every state in which all have ended. */
  readonly onEnd: ((system: System) => void) | undefined;
}

/**
 * Checks a state; returns how many pairs of accesses could take place at once and do not race.
 *
 * @throws {Violated} if something is wrong
 */
export function checkState(system: System, { races, onState }: Properties): number {
  onState?.(system);
  return races ? racing(system) : 0;
}

/**
 * Checks a state in which nothing is enabled.
 *
 * @throws {Violated} if something is wrong
 */
export function checkEnd(system: System, { onEnd }: Properties): void {
  if (!system.ended) throw stuck(system);
  onEnd?.(system);
}

/** That processors go on for ever from the state that a system is in. */
export function livelocked(system: System): Violated {
  return new Violated("livelock", `they go on for ever: ${describePlaces(system)}`);
}

/**
 * What is wrong at the end of a schedule that the system has just executed; with its last `repeated` transitions, if there
 * are any, that they lead back to where they began, and that everybody either takes part or cannot.
 */
export function wrongAfter(
  system: System,
  properties: Properties,
  schedule: readonly number[],
  repeated: number,
): Violated | undefined {
  try {
    checkState(system, properties);
    if (repeated === 0) checkProgress(system);
    if (enabledOf(system).size === 0) checkEnd(system, properties);
  } catch (error) {
    if (error instanceof Violated) return error;
    throw error;
  }
  return repeated > 0 && goesRound(system, schedule, repeated) ? livelocked(system) : undefined;
}

function goesRound(system: System, schedule: readonly number[], repeated: number): boolean {
  system.reset();
  const begin = schedule.length - repeated;
  for (const transition of schedule.slice(0, begin)) system.execute(transition);
  const before = system.cells.values.slice();
  let left = enabledOf(system);
  for (const transition of schedule.slice(begin)) {
    system.execute(transition);
    const enabled = enabledOf(system);
    left = new Set([...left].filter((kept) => kept !== transition && enabled.has(kept)));
  }
  return left.size === 0 && before.every((value, cell) => value === system.cells.values[cell]);
}

/** The transitions that get somebody on. */
function enabledOf(system: System): Set<number> {
  const { firstDeath } = system.transitions;
  return new Set(Array.from({ length: firstDeath }, (_, t) => t).filter((t) => system.isEnabled(t)));
}
