/**
 * Maps items to results, so many at a time, in their order. Items whose tasks are short are submitted several in one job: a
 * chunk. How many, the last chunks' times say; what takes longer than CHUNK_TIME is alone.
 */
import { mustBeFunction, mustBeOptions, mustBeWhole, wrong } from "../arguments.js";
import { type Thrown, thrownFrom } from "../thrown.js";
import type { Key, RunOptions } from "./options.js";
import { Queue } from "./queue.js";

export interface MapOptions<Item> extends Pick<RunOptions, "priority" | "timeout" | "signal" | "retries"> {
  /**
   * Items that are submitted and whose results were not taken, 1 to 65536. Default: 16 for each worker, more of items whose tasks
   * are short.
   */
  readonly concurrency?: number | undefined;
  /** The key of an item. */
  readonly key?: ((item: Item, index: number) => Key | undefined) | undefined;
}

const OPTIONS = ["concurrency", "key", "priority", "timeout", "signal", "retries"];

/** @throws {TypeError | RangeError} */
export function checkMap<Item>(items: unknown, options: MapOptions<Item>): void {
  const what = "map items";
  mustBeOptions(options, what, OPTIONS);
  const { concurrency, key } = options;
  if (concurrency !== undefined) mustBeWhole(concurrency, what, 1, 65536, "concurrency");
  if (key !== undefined) mustBeFunction(key, what, "key");
  const { [Symbol.iterator]: sync, [Symbol.asyncIterator]: async } = Object(items);
  if (typeof sync !== "function" && typeof async !== "function") throw wrong(what, items, "an iterable of items");
}

/**
 * The outcome of a chunk: its results, up to the first that threw; what it threw; how long it ran, in microseconds. It has the
 * form of a call, whose arguments are written without what arrays need that may be sparse.
 */
export type ChunkOutcome = readonly [name: "", results: readonly unknown[], thrown: Thrown | undefined, ran: number];

/** How many items may have been begun and not taken. */
export interface ChunkLimits {
  readonly most: number;
  /** If these are more, so many chunks, whatever their items are; undefined: never more than `most`. */
  readonly chunks: number | undefined;
}

/** Microseconds that a chunk is to take. */
const CHUNK_TIME = 100;
const MOST_ITEMS = 256;
/** Of the items that are submitted, a chunk has so large a part at most: each worker has some, and some wait. */
const PART = 1 / 8;

/** What became of an item, or of a chunk. */
type Outcome<Value> = { readonly value: Value } | { readonly error: unknown };

function outcomeOf<Value>(promise: Promise<Value>): Promise<Outcome<Value>> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

/**
 * Never more than `most` items that were begun and not taken. An error ends it: what was begun has its outcome, which nobody
 * sees; no item more is asked for.
 */
export async function* mapInOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  most: number,
  run: (item: Item, index: number) => Promise<Result>,
): AsyncGenerator<Result, void> {
  const begun = new Queue<Promise<Outcome<Result>>>();
  const take = async (): Promise<Result> => {
    const outcome = await begun.shift()!;
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  };
  let index = 0;
  // A sync iterable's items are not awaited: they may be promises themselves.
  if (isIterable(items)) {
    for (const item of items) {
      begun.push(outcomeOf(run(item, index++)));
      if (begun.length === most) yield await take();
    }
    while (begun.length > 0) yield await take();
    return;
  }
  const iterator = items[Symbol.asyncIterator]();
  let isAtEnd = false;
  /** The source was asked for an item, and has not given it. */
  let asked: Promise<void> | undefined;
  const ask = async () => {
    const { done, value } = await iterator.next();
    asked = undefined;
    if (done) isAtEnd = true;
    else begun.push(outcomeOf(run(value, index++)));
  };
  try {
    while (!isAtEnd || begun.length > 0) {
      if (!isAtEnd && !asked && begun.length < most) {
        asked = ask();
        // It is heard of by the next wait.
        asked.catch(() => {});
      }
      // A result does not wait for the source: it may be slow, and its next item may depend on what has come out.
      const first = begun.first?.then(() => true);
      if (asked && !(await Promise.race([first, asked.then(() => false)].filter((one) => one !== undefined)))) continue;
      yield await take();
    }
  } finally {
    const ended = isAtEnd ? undefined : iterator.return?.();
    // A generator that is asked for an item ends when it has it.
    if (asked) ended?.catch(() => {});
    else await ended;
  }
}

/** As `mapInOrder`, in chunks: the results of one chunk after the other. `most` items, or more while their chunks are short. */
export async function* mapInChunks<Item, Result>(
  items: Iterable<Item>,
  limits: ChunkLimits,
  run: (chunk: readonly Item[]) => Promise<ChunkOutcome>,
): AsyncGenerator<readonly Result[], void> {
  const begun = new Queue<{ readonly count: number; readonly outcome: Promise<Outcome<ChunkOutcome>> }>();
  const iterator = items[Symbol.iterator]();
  const { most, chunks } = limits;
  const largest = chunks === undefined ? Math.max(1, Math.min(MOST_ITEMS, Math.floor(most * PART))) : MOST_ITEMS;
  let size = 1;
  /** Items in chunks that were begun and not taken. */
  let count = 0;
  let isAtEnd = false;
  const beginOne = (room: number) => {
    const chunk: Item[] = [];
    for (const end = Math.min(size, room); chunk.length < end; ) {
      const { done, value } = iterator.next();
      if (done) {
        isAtEnd = true;
        break;
      }
      chunk.push(value);
    }
    if (chunk.length === 0) return;
    count += chunk.length;
    begun.push({ count: chunk.length, outcome: outcomeOf(run(chunk)) });
  };
  try {
    for (;;) {
      const now = chunks === undefined ? most : Math.max(most, size * chunks);
      // Room for a whole chunk: else all would be as small as what is taken at a time.
      while (!isAtEnd && (count + size <= now || begun.length === 0)) beginOne(now - count);
      const first = begun.shift();
      if (!first) return;
      const outcome = await first.outcome;
      if ("error" in outcome) throw outcome.error;
      const [, results, thrown, ran] = outcome.value;
      yield results as readonly Result[];
      if (thrown) throw thrownFrom(thrown);
      count -= first.count;
      // Twice as many at most: one short item says little of the next.
      const fitting = Math.floor((CHUNK_TIME * first.count) / Math.max(ran, 1));
      size = Math.min(Math.max(fitting, 1), 2 * size, largest);
    }
  } finally {
    if (!isAtEnd) iterator.return?.();
  }
}

export function isIterable<Item>(items: Iterable<Item> | AsyncIterable<Item>): items is Iterable<Item> {
  return Symbol.iterator in Object(items);
}
