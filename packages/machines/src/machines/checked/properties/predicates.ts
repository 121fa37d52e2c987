import { STOP } from "../../../processor/stop.js";
import { type Cells, NewlyShared } from "../system/cells.js";
import type { LocalState, LocalStates } from "../system/local-states.js";
import type { System } from "../system/system.js";
import { Violated, type ViolationKind } from "./violation.js";

/** The most stops of a property that is taken as having an end. */
const STOPS = 1_000_000;

/**
 * Executes an entry point from its begin while nothing else happens. `access` is told of each access before it is performed.
 * Returns the state in which it ended: at its return, a trap or `fail`, or somewhere if it has no end.
 */
export function executeToEnd(
  local: LocalStates,
  cells: Cells,
  begin: LocalState,
  access: (state: LocalState) => void,
): LocalState {
  let state = begin;
  for (let stops = 0; stops < STOPS; stops++) {
    cells.low = cells.high = 0;
    if (state.kind <= STOP.compareExchange) {
      access(state);
      cells.perform(state.kind, state);
    } else if (state.kind === STOP.wait) {
      cells.low = 1;
    } else if (state.kind === STOP.memorySize) {
      cells.low = cells.pages;
    } else if (state.kind === STOP.memoryGrow) {
      cells.low = -1;
    } else if (
      state.kind === STOP.budget ||
      state.kind === STOP.returned ||
      state.kind === STOP.trap ||
      state.effect === "end"
    ) {
      return state;
    }
    state = local.after(state, cells.low, cells.high);
  }
  return state;
}

/**
 * Executes a property in the state that a system is in: an entry point that looks at memory while nothing happens, and says
 * by `fail`, a trap or a result of 0 that something is wrong. What it writes is taken back.
 *
 * @param between whether it is to hold between any two accesses, so that what it reads must count as shared
 * @throws {Violated} if something is wrong
 * @throws {NewlyShared} if it reads words that did not count as shared
 */
export function hold(system: System, name: string, begin: LocalState, kind: ViolationKind, between: boolean): void {
  const { cells } = system;
  const mark = cells.mark;
  const unshared: number[] = [];
  const end = executeToEnd(system.local, cells, begin, ({ address, size }) => {
    if (!between) return;
    for (let word = address >>> 2; word <= (address + size - 1) >>> 2; word++) {
      const cell = cells.ofWord(word);
      if (!cells.isShared(cell)) unshared.push(cell);
    }
  });
  cells.undo(mark);
  const wrong = wrongAt(system, end);
  if (wrong !== undefined) throw new Violated(kind, `${name}${wrong}`);
  for (const cell of unshared) cells.shareCell(cell);
  if (unshared.length > 0) throw new NewlyShared(cells.addressOf(unshared[0]!));
}

/** What is said of a property that does not hold, after its name. */
function wrongAt(system: System, end: LocalState): string | undefined {
  if (end.kind === STOP.trap) return `: ${end.trap}`;
  if (end.effect === "end") return `: fail(${system.failureName(end.arguments[0]!)})`;
  if (end.kind !== STOP.returned) return " does not end";
  const [result = 1] = system.local.results(end);
  return Number(result) === 0 ? " returned 0" : undefined;
}
