/** A task that needs the state of its key, as sessions, decoded images or compiled queries are. */
export interface StateOrder {
  readonly key: number;
  readonly words: number;
  /** How many keys' states a worker keeps. */
  readonly kept: number;
}

/** Steps of a generator to make a word: ten times and more what it takes to read the word. */
const STEPS = 8;

/** Of this worker, the least recently used first. */
const states = new Map<number, Uint32Array>();

/** Reads the whole state, which is made first where the worker does not have it; whether it had. */
export function useState({ key, words, kept }: StateOrder): boolean {
  const last = states.get(key);
  const found = last?.length === words + 1 ? last : undefined;
  const state = found ?? make(key, words);
  states.delete(key);
  if (states.size >= kept) states.delete(states.keys().next().value!);
  states.set(key, state);
  let sum = 0;
  for (let i = 0; i < words; i++) sum = (sum + state[i]!) | 0;
  if (sum >>> 0 !== state[words]) throw new Error(`Cannot use the state of ${key}: received sum ${sum}`);
  return found !== undefined;
}

/** Numbers that depend on each other, and their sum. */
function make(key: number, words: number): Uint32Array {
  const state = new Uint32Array(words + 1);
  let [x, sum] = [key, 0];
  for (let i = 0; i < words; i++) {
    for (let step = 0; step < STEPS; step++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
    state[i] = x;
    sum = (sum + x) | 0;
  }
  state[words] = sum;
  return state;
}
