/** An execution as people read it: what each step did, and why it was that processor's turn. */
import { STOP } from "../../../processor/stop.js";
import { OPERATORS } from "../../../wasm/memory-operators.js";
import { Violated } from "../properties/violation.js";
import type { LocalState } from "../system/local-states.js";
import { formatValue } from "../system/symbols.js";
import type { System } from "../system/system.js";

/** One line of an execution: a transition, or a mark that a processor made on its way to the next one. */
export interface Step {
  /** Of the transition in the schedule; -1 for marks before the first. */
  readonly transition: number;
  readonly processor: number;
  /** The function that executes it, as the program calls it; empty for stores that leave their buffer. */
  readonly function: string;
  readonly file?: string;
  readonly line?: number;
  /** What it does: `atomic load32 turn (0x80) -> 3`, `notify turn (0x80), 1 -> woke 1`, `mark(Event.Acquired, 0)`. */
  readonly access: string;
  /** Why it is this processor's turn, and not that of the one before; empty for marks. */
  readonly reason: string;
}

/** An execution, and what it ran into. */
export interface Trace {
  readonly steps: readonly Step[];
  readonly violated: Violated | undefined;
}

const OPERATOR_NAMES = OPERATORS.map((operator) => (operator === "exchange" ? "store" : operator));

/**
 * Takes the transitions of a schedule, from the beginning.
 *
 * @throws {RangeError} if one of them is not enabled where it comes: the schedule is another program's
 */
export function retrace(system: System, schedule: readonly number[]): Trace {
  const steps: Step[] = [];
  let violated: Violated | undefined;
  let transition = -1;
  let executed: LocalState | undefined;
  const attempt = (action: () => void) => {
    try {
      action();
    } catch (error) {
      if (!(error instanceof Violated)) throw error;
      violated = error;
    }
  };
  system.instructions.onSaid = (processor) => {
    const state = system.stateOf(processor);
    // What is said by a transition has its line.
    if (state === executed) return;
    steps.push({ transition, processor, ...system.local.locationOf(state), access: callOf(system, state), reason: "" });
  };
  attempt(() => system.reset());
  while (violated === undefined && ++transition < schedule.length) {
    const chosen = schedule[transition]!;
    if (!(chosen < system.transitions.count && system.isEnabled(chosen)))
      throw notEnabled(system, schedule, transition);
    const processor = system.transitions.processorOf(chosen);
    const state = system.stateOf(processor);
    executed = state;
    const reason = reasonOf(system, schedule[transition - 1], chosen);
    const what = whatOf(system, chosen, state);
    const location = system.transitions.isFlush(chosen) ? { function: "" } : system.local.locationOf(state);
    const step = { transition, processor, ...location, access: what, reason };
    const at = steps.push(step) - 1;
    attempt(() => system.execute(chosen));
    steps[at] = { ...step, access: `${what}${foundBy(system, chosen, state)}` };
  }
  system.instructions.onSaid = undefined;
  if (transition < schedule.length - 1) {
    throw new RangeError(
      `Cannot replay step ${transition + 2}: received a schedule of ${schedule.length} steps; expected one that ends ` +
        `with what is wrong: ${violated!.message}`,
    );
  }
  return { steps, violated };
}

function notEnabled(system: System, schedule: readonly number[], at: number): RangeError {
  const enabled = Array.from({ length: system.transitions.count }, (_, t) => t).filter((t) => system.isEnabled(t));
  return new RangeError(
    `Cannot replay step ${at + 1}: received transition ${schedule[at]}; expected ` +
      (enabled.length > 0 ? `one of ${enabled.join(", ")}, which are possible there` : "no more"),
  );
}

/** What a transition is about to do, without what it will find. */
function whatOf(system: System, transition: number, state: LocalState): string {
  const processor = system.transitions.processorOf(transition);
  if (system.transitions.isFlush(transition)) return `store buffer -> memory: ${oldestStore(system, processor)}`;
  const at = system.symbols.address(state.address);
  if (system.transitions.isTimeout(transition)) return `wait ${at}`;
  if (system.transitions.isDeath(transition)) {
    return `dies ${system.isAsleep(processor) ? `asleep at ${at}` : `before its ${whatOf(system, processor, state)}`}`;
  }
  const plain = state.atomic ? "atomic" : "plain";
  const bits = 8 * state.size;
  const [value, value2] = [formatValue(state.low, state.high), formatValue(state.low2, state.high2)];
  switch (state.kind) {
    case STOP.load:
      return `${plain} load${bits} ${at}`;
    case STOP.store:
      return `${plain} store${bits} ${at} <- ${value}${system.buffers?.takes(state) ? " (into the store buffer)" : ""}`;
    case STOP.readModifyWrite:
      return `fetch_and_${OPERATOR_NAMES[state.operator]}${bits} ${at}, ${value}`;
    case STOP.compareExchange:
      return `compare_and_swap${bits} ${at}, ${value}, ${value2}`;
    case STOP.wait:
      return `wait ${at}, ${value}`;
    case STOP.notify:
      return `notify ${at}, ${formatValue(state.low, 0)}`;
    case STOP.fence:
      return "fence";
    case STOP.call:
      return callOf(system, state);
    default:
      return "computes";
  }
}

/** A call of a machine instruction: `mark(Event.Acquired, 0)`. */
function callOf({ symbols }: System, { instruction, arguments: [first, ...rest] }: LocalState): string {
  const all = first === undefined ? [] : [symbols.argument(instruction!, first), ...rest];
  return `${instruction}(${all.join(", ")})`;
}

/** The store that a processor's flush takes to memory. */
function oldestStore({ buffers, symbols }: System, processor: number): string {
  const [address = 0, size = 0, low = 0, high = 0] = buffers!.of(processor);
  return `${symbols.address(address >>> 0)} <- ${formatValue(low, size === 8 ? high : 0)}`;
}

/** What the transition that was just taken found, to be added to what it did. */
function foundBy(system: System, transition: number, state: LocalState): string {
  if (system.transitions.isFlush(transition) || system.transitions.isDeath(transition)) return "";
  if (system.transitions.isTimeout(transition)) return " -> timed out";
  switch (state.kind) {
    case STOP.load:
    case STOP.readModifyWrite:
    case STOP.compareExchange:
      return ` -> ${formatValue(system.low, system.high)}`;
    case STOP.wait:
      return system.low === state.low && system.high === state.high
        ? " -> sleeps"
        : ` -> not equal: ${formatValue(system.low, system.high)}`;
    case STOP.notify:
      return ` -> woke ${system.woken.length === 0 ? "nobody" : system.woken.join(", ")}`;
    case STOP.call:
      return state.effect === "receive" ? ` -> ${formatValue(system.low, 0)}` : "";
    default:
      return "";
  }
}

function reasonOf(system: System, previous: number | undefined, transition: number): string {
  const processor = system.transitions.processorOf(transition);
  if (system.transitions.isFlush(transition)) return "a store leaves its buffer at any time";
  if (system.transitions.isTimeout(transition)) return "its wait may end at any time";
  if (system.transitions.isDeath(transition)) return "it may die at any time";
  if (previous === undefined) return "begins";
  const before = system.transitions.processorOf(previous);
  if (before === processor) return system.transitions.isDeath(previous) ? "begins its repair" : "goes on";
  const state = system.stateOf(before);
  const at = system.symbols.address(state.address);
  if (state.kind === STOP.returned) return `processor ${before} has ${system.hasDied(before) ? "died" : "ended"}`;
  if (system.isAsleep(before)) return `processor ${before} sleeps at ${at}`;
  if (!system.isEnabled(before)) {
    return `processor ${before} waits for ${state.effect === "receive" ? "a message" : "its store buffer"}`;
  }
  if (system.spins(before)) return `processor ${before} spins on ${at}`;
  return `preempts processor ${before} before its ${whatOf(system, before, state)}`;
}
