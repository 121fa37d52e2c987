/** Calls of the drill, and what they may come to. The words of a call say how often it was begun, and ended. */
import { bytes, f64, procedure, type SharedSpace } from "#library/index.js";
import type { Random } from "#machines/machines/random.js";

export const NAME = "drilled";

/** Words of a call: it, and the one within it. */
export const WORDS = 4;
const BEGUN = 0;
const ENDED = 1;
const WITHIN = 2;

const MOST = 200;

type Name = "short" | "long" | "failing" | "number" | "reversed" | "nested";
const NAMES: readonly Name[] = ["short", "short", "long", "failing", "number", "number", "reversed", "nested"];

export interface Call {
  readonly id: number;
  readonly name: Name;
  readonly text: string;
  /** Milliseconds, or Infinity. */
  readonly timeout: number;
  readonly fails: boolean;
}

/** Errors that a call may end with, whatever it is, as somebody died, or all A-stacks are in use. */
const ERRORS = ["CallFailedError", "ServiceClosedError"];
/** Those of a call within a call, too. */
const NESTED = [...ERRORS, "ServiceFullError", "TimeoutError", "DeadlockError"];

export function callAt(random: Random, id: number): Call {
  const name = NAMES[random.below(NAMES.length)]!;
  // Some have no room in an A-stack.
  const text = `${"v".repeat(random.below(4) === 0 ? 3000 : random.below(40))}${id}`;
  const timeout = random.below(5) === 0 ? random.below(6) : Number.POSITIVE_INFINITY;
  return { id, name, text, timeout, fails: random.below(4) === 0 };
}

type Method = (...args: unknown[]) => unknown;
export type Methods = Readonly<Record<string, Method>>;

/** Calls by the methods of a binding, which block or give promises. */
export function make(methods: Methods, { name, id, text }: Call): unknown {
  if (name === "number") return methods.number!(id, id + 0.5);
  if (name === "reversed") return methods.reversed!(id, bytesOf(text));
  return methods[name]!(id, text);
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text.slice(-MOST));
}

function expected({ name, id, text }: Call): string {
  if (name === "number") return `${2 * id + 1}`;
  if (name === "reversed") return `${bytesOf(text).reverse()}`;
  return `${text} of ${name === "nested" ? "short" : name}`;
}

/** What is wrong with an outcome; undefined: nothing. */
export function wrongIn(call: Call, words: Int32Array, outcome: { value: unknown } | { error: unknown }) {
  const at = WORDS * call.id;
  const [begun, ended] = [Atomics.load(words, at + BEGUN), Atomics.load(words, at + ENDED)];
  const say = (what: string) =>
    `${call.name} ${call.id}, timeout ${call.timeout}, begun ${begun}, ended ${ended}: ${what.slice(0, 300)}`;
  if (begun > 1 || Atomics.load(words, at + WITHIN + BEGUN) > 1) return say("executed twice");
  if ("value" in outcome) {
    if (`${outcome.value}` !== expected(call) || call.name === "failing") return say(`returned ${outcome.value}`);
    return ended === 1 ? undefined : say("returned, and has not ended");
  }
  const { name, message, stack } = outcome.error as Error;
  if (call.name === "failing" && name === "RangeError" && message === expected(call) && ended === 1) return undefined;
  const may = [
    ...(call.name === "nested" ? NESTED : ERRORS),
    ...(call.timeout < Number.POSITIVE_INFINITY ? ["TimeoutError"] : []),
    ...(call.fails ? ["ServiceFullError"] : []),
  ];
  return may.includes(name) ? undefined : say(`ended with ${stack}`);
}

/** `call`: a call that blocks, of the same service. */
export function proceduresOf(words: Int32Array, call: (id: number, text: string) => unknown) {
  const begin = (at: number) => void Atomics.add(words, at + BEGUN, 1);
  const end = (at: number) => void Atomics.add(words, at + ENDED, 1);
  const within = (id: number) => (id < 0 ? WORDS * (-id - 1) + WITHIN : WORDS * id);
  return {
    short(id: number, text: string) {
      begin(within(id));
      end(within(id));
      return `${text} of short`;
    },
    async long(id: number, text: string) {
      begin(WORDS * id);
      await new Promise((resolve) => setTimeout(resolve, id % 3));
      end(WORDS * id);
      return `${text} of long`;
    },
    failing(id: number, text: string) {
      begin(WORDS * id);
      end(WORDS * id);
      throw new RangeError(`${text} of failing`);
    },
    number: procedure(
      [f64, f64],
      f64,
    )((id, value) => {
      begin(WORDS * id);
      end(WORDS * id);
      return 2 * value;
    }),
    reversed: procedure(
      [f64, bytes(MOST)],
      bytes(MOST),
    )((id, given) => {
      begin(WORDS * id);
      end(WORDS * id);
      return given.slice().reverse();
    }),
    nested(id: number, text: string) {
      begin(WORDS * id);
      const value = call(-id - 1, text);
      end(WORDS * id);
      return value;
    },
  };
}

export interface Drilled {
  readonly space: SharedSpace;
  readonly words: Int32Array;
  readonly seed: number;
  readonly role: "server" | "caller";
  /** Of a caller. */
  readonly first: number;
  readonly count: number;
  readonly stacks: number;
}
