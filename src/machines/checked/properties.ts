import { STOP } from "../../processor/stop.js";
import { Shared } from "./cells.js";
import type { LocalState } from "./local-states.js";
import type { System } from "./system.js";
import { Violated, type ViolationKind } from "./violation.js";

/** The most stops of a property that is taken as having an end. */
const STOPS = 1_000_000;

/**
 * Executes a property in the state that a system is in: an entry point that looks at memory while nothing happens, and says
 * by `fail`, a trap or a result of 0 that something is wrong. What it writes is taken back.
 *
 * @param between whether it is to hold between any two accesses, so that what it reads must count as shared
 * @throws {Violated} if something is wrong
 * @throws {Shared} if it reads words that did not count as shared
 */
export function hold(system: System, name: string, begin: LocalState, kind: ViolationKind, between: boolean): void {
  const { cells, local } = system;
  const mark = cells.mark;
  const read: number[] = [];
  let state = begin;
  try {
    for (let stops = 0; state.kind !== STOP.returned; stops++) {
      if (stops === STOPS || state.kind === STOP.budget) throw new Violated(kind, `${name} does not end`);
      cells.low = cells.high = 0;
      if (state.kind <= STOP.compareExchange) {
        if (between) {
          for (let at = state.address >>> 2; at <= (state.address + state.size - 1) >>> 2; at++)
            read.push(cells.ofWord(at));
        }
        cells.perform(state.kind, state);
      } else if (state.kind === STOP.wait) {
        cells.low = 1;
      } else if (state.kind === STOP.memorySize) {
        cells.low = cells.pages;
      } else if (state.kind === STOP.memoryGrow) {
        cells.low = -1;
      } else if (state.kind === STOP.trap) {
        throw new Violated(kind, `${name}: ${state.trap}`);
      } else if (state.kind === STOP.call && state.instruction === "fail") {
        throw new Violated(kind, `${name}: fail(${system.failureName(state.arguments[0]!)})`);
      }
      state = local.after(state, cells.low, cells.high);
    }
    const [result = 1] = local.results(state);
    if (Number(result) === 0) throw new Violated(kind, `${name} returned 0`);
  } finally {
    cells.undo(mark);
  }
  const unshared = read.filter((cell) => !cells.isShared(cell));
  for (const cell of unshared) cells.shareCell(cell);
  if (unshared.length > 0) throw new Shared(cells.addressOf(unshared[0]!));
}
