import { type Protocol, type Step, TRANSACTIONS, type Transaction } from "./protocol.js";

/** The number of the state "I" in the compiled tables. */
export const INVALID = 0;

/** In `Tables.bus` and `Tables.ifShared`: no transaction. The others are one more than their number. */
export const NO_TRANSACTION = 0;

/** In `Tables.answer`: a transaction that cannot happen in that state. */
export const IMPOSSIBLE = 255;

/** What an answer does besides changing the state: bits of `Tables.effects`. */
export const SUPPLIES = 1;
export const FLUSHES = 2;
export const MEMORY_TAKES = 4;
export const INTERVENES = 8;
export const INVALIDATES = 16;

/** A protocol's table in numbers, for the loop that runs once a reference. */
export interface Tables {
  /** The names of the states; a state's number is its index, "I" is 0. */
  readonly states: readonly string[];
  /** By `state * 2 + (write ? 1 : 0)`: transactions, and the states after them. */
  readonly bus: Uint8Array;
  readonly ifShared: Uint8Array;
  readonly alone: Uint8Array;
  /** By the same: the state after a hit that puts nothing on the bus; INVALID for other references. */
  readonly silent: Uint8Array;
  readonly shared: Uint8Array;
  /** By `state * TRANSACTIONS.length + transaction`: the holder's next state and what else it does. */
  readonly answer: Uint8Array;
  readonly effects: Uint8Array;
  /** By state: 1 if evicting it writes it back. */
  readonly owner: Uint8Array;
  readonly exclusive: Uint8Array;
  readonly updatesMemory: boolean;
}

export function compile(protocol: Protocol): Tables {
  const states = ["I", ...Object.keys(protocol.states).filter((state) => state !== "I")];
  const number = (state: string) => states.indexOf(state);
  const transaction = (name: Transaction | undefined) =>
    name === undefined ? NO_TRANSACTION : TRANSACTIONS.indexOf(name) + 1;
  const steps = states.flatMap((state) => [protocol.processor[state]!.read, protocol.processor[state]!.write]);
  const after = ({ next }: Step<string>) => (typeof next === "string" ? { alone: next, shared: next } : next);
  const answers = states.flatMap((state) =>
    TRANSACTIONS.map((name) => ({ state, name, answer: protocol.snoop[state]?.[name] })),
  );
  return {
    states,
    bus: Uint8Array.from(steps, (step) => transaction(step.bus)),
    ifShared: Uint8Array.from(steps, (step) => transaction(step.ifShared)),
    alone: Uint8Array.from(steps, (step) => number(after(step).alone)),
    silent: Uint8Array.from(steps, (step) => (step.bus === undefined ? number(after(step).alone) : INVALID)),
    shared: Uint8Array.from(steps, (step) => number(after(step).shared)),
    answer: Uint8Array.from(answers, ({ answer }) => (answer ? number(answer.next) : IMPOSSIBLE)),
    effects: Uint8Array.from(answers, ({ state, name, answer }) => {
      if (answer === undefined) return 0;
      const { exclusive } = protocol.states[state]!;
      const intervenes =
        name === "read" && exclusive && answer.next !== "I" && !protocol.states[answer.next]!.exclusive;
      return (
        (answer.supplies ? SUPPLIES : 0) |
        (answer.flush ? FLUSHES : 0) |
        (answer.flush === "to memory" ? MEMORY_TAKES : 0) |
        (intervenes ? INTERVENES : 0) |
        (answer.next === "I" ? INVALIDATES : 0)
      );
    }),
    owner: Uint8Array.from(states, (state) => (protocol.states[state]!.owner ? 1 : 0)),
    exclusive: Uint8Array.from(states, (state) => (protocol.states[state]!.exclusive ? 1 : 0)),
    updatesMemory: protocol.updatesMemory ?? false,
  };
}
