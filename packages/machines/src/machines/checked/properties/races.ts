import { STOP } from "../../../processor/stop.js";
import type { LocalState } from "../system/local-states.js";
import type { System } from "../system/system.js";
import { Violated } from "./violation.js";

/**
 * Looks for two processors whose next accesses race, in a state of the system: that there is such a state is what a race
 * is under sequential consistency (Boehm & Adve, PLDI 2008, theorem 7.1: a program has a race of unordered accesses in some
 * execution exactly if it has one of adjacent accesses). Returns how many pairs of accesses concern one place and do not
 * race.
 *
 * @throws {Violated} for a race
 */
export function racing(system: System): number {
  let pairs = 0;
  for (let p = 0; p < system.processors; p++) {
    const first = system.stateOf(p);
    if (first.kind > STOP.wait || system.isAsleep(p)) continue;
    for (let q = p + 1; q < system.processors; q++) {
      const second = system.stateOf(q);
      if (system.isAsleep(q) || !(stores(system, first) || stores(system, second))) continue;
      if (checkRace(system, p, first, q, second)) pairs++;
    }
  }
  return pairs;
}

/**
 * Whether two processors' accesses, which can be neighbours, concern one place.
 *
 * @throws {Violated} if they race
 */
export function checkRace(system: System, p: number, first: LocalState, q: number, second: LocalState): boolean {
  if (!conflict(first, second)) return false;
  if (!race(first, second)) return true;
  throw new Violated("race", `${accessOf(system, p, first)} and ${accessOf(system, q, second)} may take place at once`);
}

/** Whether two accesses have a byte in common, and one may write. */
function conflict(a: LocalState, b: LocalState): boolean {
  if (a.kind > STOP.wait || b.kind > STOP.wait) return false;
  if (a.address >= b.address + b.size || b.address >= a.address + a.size) return false;
  return writes(a) || writes(b);
}

/** Whether two accesses that conflict race: all but atomic ones of the same bytes do. */
function race(a: LocalState, b: LocalState): boolean {
  return !(a.atomic && b.atomic && a.address === b.address && a.size === b.size);
}

function writes({ kind }: LocalState): boolean {
  return kind === STOP.store || kind === STOP.readModifyWrite || kind === STOP.compareExchange;
}

/** Whether an access would write now: a compare-and-swap that fails is a load. */
export function stores({ cells }: System, state: LocalState): boolean {
  if (state.kind !== STOP.compareExchange) return writes(state);
  cells.load(state.address, state.size);
  return cells.low === state.low && cells.high === state.high;
}

/** For people: who accesses what, where. */
function accessOf(system: System, processor: number, state: LocalState): string {
  const what = `${state.atomic ? "atomic" : "plain"} ${writes(state) ? (state.kind === STOP.store ? "store" : "read-modify-write") : "load"}`;
  const { address, size } = state;
  return `processor ${processor}'s ${what} of ${size} bytes at ${system.symbols.address(address)} ${system.local.placeOf(state)}`;
}
