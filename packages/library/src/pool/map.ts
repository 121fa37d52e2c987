/** Maps items to results, so many at a time, in their order. */
import { mustBeFunction, mustBeOptions, mustBeWhole, wrong } from "../arguments.js";
import type { Key, RunOptions } from "./options.js";

export interface MapOptions<Item> extends Pick<RunOptions, "priority" | "timeout" | "signal" | "retries"> {
  /** Items that are submitted and whose results were not taken, 1 to 65536. Default: 16 for each worker. */
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

/** What became of an item. */
type Outcome<Result> = { readonly value: Result } | { readonly error: unknown };

/**
 * Results in the order of the items. Never more than `most` that were begun and not taken. An error ends it: what was begun
 * has its outcome, which nobody sees; no item more is asked for.
 */
export async function* mapInOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  most: number,
  run: (item: Item, index: number) => Promise<Result>,
): AsyncGenerator<Result, void> {
  const begun: Promise<Outcome<Result>>[] = [];
  // A ring: `shift` of a long array copies it.
  let first = 0;
  let count = 0;
  let index = 0;
  const begin = (item: Item) => {
    begun[(first + count) % most] = run(item, index++).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    count++;
  };
  const take = async (): Promise<Result> => {
    const outcome = await begun[first]!;
    first = (first + 1) % most;
    count--;
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  };
  if (isIterable(items)) {
    for (const item of items) {
      begin(item);
      if (count === most) yield await take();
    }
  } else {
    for await (const item of items) {
      begin(item);
      if (count === most) yield await take();
    }
  }
  while (count > 0) yield await take();
}

function isIterable<Item>(items: Iterable<Item> | AsyncIterable<Item>): items is Iterable<Item> {
  return Symbol.iterator in Object(items);
}
