import type { Scheduler } from "./states.js";
import type { System } from "./system.js";
import { deadlock, Violated } from "./violation.js";

/** The most accesses of a loop that is recognized as one that waits. */
const LOOP = 64;

/**
 * All executions with at most so many preemptions (Musuvathi & Qadeer, PLDI 2007): whoever takes a step goes on until it
 * ends, sleeps, cannot go on or waits in a loop, but for that often. A preemption's place is any step. Store buffers empty
 * themselves, and waits time out, at any time: neither is a step of a processor.
 *
 * @throws {Violated} in a state in which all that are left wait
 */
export function boundPreemptions(bound: number): Scheduler {
  return (system, word) => {
    const { processors } = system;
    // The word is preemptions so far * (P + 1) + the processor of the last step + 1.
    const last = (word % (processors + 1)) - 1;
    const preempts = last >= 0 && goesOn(system, last);
    if (!preempts) checkProgress(system);
    const used = Math.floor(word / (processors + 1)) + (preempts ? 1 : 0);
    return (transition) => {
      if (transition >= processors || transition === last) return word;
      return used > bound ? -1 : used * (processors + 1) + transition + 1;
    };
  };
}

function goesOn(system: System, processor: number): boolean {
  return system.isEnabled(processor) && !waits(system, processor);
}

/** Whether the processor alone would come back to where it is and leave all as it was: a loop that waits for others. */
function waits(system: System, processor: number): boolean {
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

function checkProgress(system: System): void {
  for (let transition = 0; transition < system.transitions; transition++) {
    if (!system.isEnabled(transition)) continue;
    if (transition >= system.processors || !waits(system, transition)) return;
  }
  if (!system.ended) throw deadlock(system.places());
}
