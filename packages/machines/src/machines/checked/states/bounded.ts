import { checkProgress, waits } from "../properties/progress.js";
import type { System } from "../system/system.js";
import type { Scheduler } from "./states.js";

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
