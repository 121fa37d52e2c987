/**
 * The shapes of objects that this worker has written and read: their keys, and the block that they are in a message. A
 * worker keeps its own. Keys in shared memory, written once for all, would make messages shorter; but somebody has to free
 * them, every worker has to look up what others added, and each step must survive a death: for the few words that a block
 * has, comparing them is faster.
 *
 *     block   | hash | words that follow | count: varint | string each | padding |
 *
 * All blocks lie in one array of words; when it is full, all shapes are forgotten.
 */
export interface Shape {
  readonly keys: readonly string[];
  /** Whether assigning makes own properties of all keys: none is inherited, as `__proto__` is. */
  readonly isAssignable: boolean;
  /** Of its block in `blocks`, in words. */
  readonly begin: number;
  readonly words: number;
  /** The message that it was written in last, and its number there. */
  message: number;
  number: number;
}

/** Objects with more keys are rather maps: their keys are not remembered. */
export const MOST_KEYS = 32;
/** Words before those that are compared. */
export const BLOCK_HEADER = 2;

const MOST_WORDS = 256;
const blocks = new Int32Array(2 ** 15);
let end = 0;

/** By first key, the most recent ones. */
const byFirstKey = new Map<string, Shape[]>();
const MOST_ALIKE = 8;
let oldest = 0;
/** By hash, the most recent one each. */
const byHash: (Shape | undefined)[] = new Array(1024).fill(undefined);
/** Objects of one shape often follow each other. */
let last: Shape | undefined;

/** The shape of an object with these keys, one at least, if it is known. */
export function shapeOf(keys: readonly string[]): Shape | undefined {
  if (last !== undefined && areEqual(last.keys, keys)) return last;
  const candidates = byFirstKey.get(keys[0]!);
  if (candidates === undefined) return undefined;
  for (const shape of candidates) {
    if (areEqual(shape.keys, keys)) {
      last = shape;
      return shape;
    }
  }
  return undefined;
}

function areEqual(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  for (let i = 0; i < some.length; i++) if (some[i] !== others[i]) return false;
  return true;
}

/** Copies the shape's block to where a message continues, as words. */
export function copyBlock({ begin, words }: Shape, message: Int32Array, at: number): void {
  for (let i = 0; i < words; i++) message[at + i] = blocks[begin + i]!;
}

/** Completes the block whose keys, in `words` words, follow its header. */
export function seal(message: Int32Array, at: number, words: number): void {
  let hash = words;
  for (let i = at + BLOCK_HEADER; i < at + words; i++) hash = Math.imul(hash ^ message[i]!, 0x9e3779b1) ^ (hash >>> 15);
  message[at] = hash;
  message[at + 1] = words - BLOCK_HEADER;
}

/** The shape whose block this is, if it is known. */
export function shapeOfBlock(message: Int32Array, at: number): Shape | undefined {
  const shape = byHash[message[at]! & (byHash.length - 1)];
  if (shape === undefined) return undefined;
  const { begin, words } = shape;
  for (let i = 0; i < words; i++) if (message[at + i] !== blocks[begin + i]) return undefined;
  return shape;
}

/** Remembers a block that is complete, unless it is long. */
export function remember(keys: readonly string[], message: Int32Array, at: number): Shape {
  const words = BLOCK_HEADER + message[at + 1]!;
  const isAssignable = !keys.some((key) => key in Object.prototype);
  if (words > MOST_WORDS) return { keys, isAssignable, begin: 0, words: 0, message: 0, number: 0 };
  if (end + words > blocks.length) forget();
  const shape: Shape = { keys, isAssignable, begin: end, words, message: 0, number: 0 };
  for (let i = 0; i < words; i++) blocks[end + i] = message[at + i]!;
  end += words;
  byHash[message[at]! & (byHash.length - 1)] = shape;
  const candidates = byFirstKey.get(keys[0]!);
  if (candidates === undefined) byFirstKey.set(keys[0]!, [shape]);
  else if (candidates.length < MOST_ALIKE) candidates.push(shape);
  else candidates[oldest++ % MOST_ALIKE] = shape;
  return shape;
}

function forget(): void {
  end = 0;
  last = undefined;
  byFirstKey.clear();
  byHash.fill(undefined);
}
