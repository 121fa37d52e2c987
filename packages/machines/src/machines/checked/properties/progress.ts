import { STOP } from "../../../processor/stop.js";
import type { System } from "../system/system.js";
import { describePlaces } from "./places.js";
import { Violated } from "./violation.js";

/** The most accesses of a loop that is recognized as one that waits. */
const LOOP = 64;

/** Whether the processor alone would come back to where it is and leave all as it was: a loop that waits for others. */
export function waits(system: System, processor: number): boolean {
  const { cells } = system;
  const { mark } = cells;
  const begin = system.stateOf(processor);
  try {
    for (let accesses = 0; accesses < LOOP && system.isEnabled(processor); accesses++) {
      system.execute(processor);
      if (cells.changedSince(mark, processor)) return false;
      if (system.stateOf(processor) === begin) return true;
    }
    return false;
  } catch (error) {
    // What goes wrong here is found where the step is taken.
    if (error instanceof Violated) return false;
    throw error;
  } finally {
    cells.undo(mark);
  }
}

/**
 * Makes sure that somebody can get anywhere, or all have ended.
 *
 * @throws {Violated} if not
 */
export function checkProgress(system: System): void {
  for (let transition = 0; transition < system.transitions.firstDeath; transition++) {
    if (!system.isEnabled(transition)) continue;
    if (transition >= system.processors || !waits(system, transition)) return;
  }
  if (!system.ended) throw stuck(system);
}

/** That nobody is left who can go on. */
export function stuck(system: System): Violated {
  const all = Array.from({ length: system.processors }, (_, processor) => processor);
  const asleep = all.filter((processor) => system.isAsleep(processor));
  const ended = all.filter((processor) => system.stateOf(processor).kind === STOP.returned);
  const lost = asleep.length > 0 && asleep.length + ended.length === all.length;
  const why = lost ? "nobody is left to wake who sleeps" : "nobody can go on";
  return new Violated("deadlock", `${why}: ${describePlaces(system)}`);
}
