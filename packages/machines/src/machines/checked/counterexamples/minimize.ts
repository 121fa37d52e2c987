import type { Properties } from "../properties/properties.js";
import { States } from "../states/states.js";
import type { System } from "../system/system.js";
import { Counterexample } from "./counterexample.js";
import { reduceSwitches } from "./reduce-switches.js";

/** The most states that are explored for a shorter schedule: a second or so. */
const MOST = 100_000;

/** A counterexample, and the system whose transitions its schedule consists of. */
export interface Minimized {
  readonly counterexample: Counterexample;
  readonly system: System;
}

/**
 * A counterexample of the same kind. Its schedule is one of the shortest if a search of the states near the begin finds it;
 * otherwise it has fewer context switches, as far as `reduceSwitches` finds any.
 */
export function minimize(system: System, properties: Properties, counterexample: Counterexample): Minimized {
  const fresh = system.fresh();
  const states = new States(fresh, properties);
  try {
    for (const _ of states.explore()) if (states.counts.states > MOST) break;
  } catch (error) {
    if (!(error instanceof Counterexample)) throw error;
    if (error.violated.kind === counterexample.violated.kind) return { counterexample: error, system: fresh };
  }
  return { counterexample: reduceSwitches(system, properties, counterexample), system };
}
