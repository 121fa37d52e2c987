/** An execution as people read it: what each step did, and why it was that processor's turn. */
import { STOP } from "../../processor/stop.js";
import type { Locations } from "../../wasm/locations.js";
import { OPERATORS } from "../../wasm/memory-operators.js";
import type { LocalState } from "./local-states.js";
import type { System } from "./system.js";
import { Violated } from "./violation.js";

/** One step of an execution. */
export interface Step {
  readonly processor: number;
  /** The function that executes it, as the program calls it. */
  readonly function: string;
  readonly file?: string;
  readonly line?: number;
  /** What it does: `atomic load 0x80 -> 3`, `notify 0x80 -> woke 1`. */
  readonly access: string;
  /** Why it is this processor's turn, and not that of the one before. */
  readonly reason: string;
}

/**
 * Takes the transitions of a schedule, from the beginning.
 *
 * @throws {RangeError} if one of them is not enabled where it comes: the schedule is another program's
 */
export function retrace(system: System, locations: Locations, schedule: readonly number[]): Step[] {
  const steps: Step[] = [];
  let previous = -1;
  begin(system);
  for (const [index, transition] of schedule.entries()) {
    if (transition >= system.transitions || !system.isEnabled(transition)) {
      throw new RangeError(
        `Cannot replay step ${index + 1}: received transition ${transition}, which is not possible there; expected one of ` +
          Array.from({ length: system.transitions }, (_, t) => t)
            .filter((t) => system.isEnabled(t))
            .join(", "),
      );
    }
    const processor = system.processorOf(transition);
    const state = system.stateOf(processor);
    const reason = reasonOf(system, previous, transition);
    const [pc = state.pc] = system.local.where(state);
    const location = locations.at(pc);
    const access = take(system, transition, state);
    steps.push({ processor, ...location, access, reason });
    previous = transition;
  }
  return steps;
}

/** What the processors fail with at the very beginning was reported by whoever found the schedule. */
function begin(system: System): void {
  try {
    system.reset();
  } catch (error) {
    if (!(error instanceof Violated)) throw error;
  }
}

/** Takes a transition; what it did. */
function take(system: System, transition: number, state: LocalState): string {
  const buffered = system.oldestStore(system.processorOf(transition));
  const queued = system.isBuffered(state);
  try {
    system.execute(transition);
  } catch (error) {
    // A schedule ends with what is wrong.
    if (!(error instanceof Violated)) throw error;
  }
  if (system.isFlush(transition)) return `store buffer -> memory: ${buffered}`;
  const at = `0x${state.address.toString(16)}`;
  if (system.isTimeout(transition)) return `wait ${at} -> timed out`;
  const kind = state.atomic ? "atomic" : "plain";
  const value = (low: number, high: number) =>
    state.size === 8 ? ((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)).toString() : String(low >>> 0);
  const found = value(system.low, system.high);
  const bits = 8 * state.size;
  switch (state.kind) {
    case STOP.load:
      return `${kind} load${bits} ${at} -> ${found}`;
    case STOP.store:
      return `${kind} store${bits} ${at} <- ${value(state.low, state.high)}${queued ? " (into the store buffer)" : ""}`;
    case STOP.readModifyWrite:
      return `fetch_and_${OPERATORS[state.operator] ?? "store"}${bits} ${at}, ${value(state.low, state.high)} -> ${found}`;
    case STOP.compareExchange:
      return `compare_and_swap${bits} ${at}, ${value(state.low, state.high)}, ${value(state.low2, state.high2)} -> ${found}`;
    case STOP.wait:
      return `wait ${at}, ${value(state.low, state.high)} -> ${found === value(state.low, state.high) ? "sleeps" : `not equal: ${found}`}`;
    case STOP.notify:
      return `notify ${at} -> woke ${system.woken.length === 0 ? "nobody" : system.woken.join(", ")}`;
    case STOP.fence:
      return "fence";
    case STOP.call:
      return `${state.instruction}(${state.arguments.join(", ")})`;
    default:
      return "computes";
  }
}

function reasonOf(system: System, previous: number, transition: number): string {
  const processor = system.processorOf(transition);
  if (system.isFlush(transition)) return `the oldest store of processor ${processor} reaches memory`;
  if (system.isTimeout(transition)) return "its wait may end at any time";
  if (previous < 0) return "begins";
  const before = system.processorOf(previous);
  if (before === processor) return "goes on";
  const state = system.stateOf(before);
  if (state.kind === STOP.returned) return `processor ${before} has ended`;
  if (system.isAsleep(before)) return `processor ${before} sleeps`;
  if (!system.isEnabled(before)) return `processor ${before} must wait`;
  if (system.spins(before)) return `processor ${before} spins`;
  return `before processor ${before}'s next access`;
}
