import { shorten } from "./shorten.js";
import { Found, States } from "./states.js";
import type { System } from "./system.js";
import type { Watch } from "./watch.js";

/** The most states that are explored for a shorter way: a second or so. */
const MOST = 100_000;

/** A violation, and the system that has its schedule's steps. */
export interface Way {
  readonly found: Found;
  readonly system: System;
}

/**
 * A violation of the same kind by a schedule that is as short as any, if that is found among the states near the begin; else
 * by one that is shorter.
 */
export function shortest(system: System, watch: Watch, found: Found): Way {
  const fresh = system.fresh();
  const states = new States(fresh, watch);
  try {
    for (const _ of states.explore()) if (states.found.states > MOST) break;
  } catch (error) {
    if (!(error instanceof Found)) throw error;
    if (error.violated.kind === found.violated.kind) return { found: error, system: fresh };
  }
  return { found: shorten(system, watch, found), system };
}
