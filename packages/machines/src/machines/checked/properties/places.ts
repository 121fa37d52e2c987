import { STOP } from "../../../processor/stop.js";
import type { System } from "../system/system.js";

/** Where all processors are, and what they do there, for people. */
export function describePlaces(system: System): string {
  const { local, processors, symbols } = system;
  const places = Array.from({ length: processors }, (_, processor) => {
    const state = system.stateOf(processor);
    const died = system.hasDied(processor);
    if (state.kind === STOP.returned) return `processor ${processor} has ${died ? "died" : "ended"}`;
    const what = state.instruction ?? (state.kind === STOP.fence ? "a fence" : symbols.address(state.address));
    const does = system.isAsleep(processor) ? "sleeps at" : system.spins(processor) ? "spins on" : "is at";
    return `processor ${processor}${died ? "'s repair" : ""} ${state.kind === STOP.budget ? "computes" : `${does} ${what}`} ${local.placeOf(state)}`;
  });
  return places.join("; ");
}
