/** A chunk of items, executed one after the other: map.ts. */
import { microseconds } from "../clock.js";
import type { Thrown } from "../thrown.js";
import type { ChunkOutcome } from "./map.js";
import { Moved } from "./task.js";

/**
 * Calls a task with each item, until one throws. A promise, from the first item on whose task returns one.
 *
 * @param task to be called until this function returns
 * @param later calls it afterwards, as the current one
 * @param portable a form of what it throws that can be copied: the results before it are to arrive, too
 */
export function executeChunk(
  items: readonly unknown[],
  task: (item: unknown) => unknown,
  later: (item: unknown) => unknown,
  portable: (thrown: unknown) => Thrown,
): ChunkOutcome | Promise<ChunkOutcome> {
  const begin = microseconds();
  const results: unknown[] = [];
  const outcome = (thrown?: unknown, hasThrown = false): ChunkOutcome => [
    "",
    results,
    hasThrown ? portable(thrown) : undefined,
    (microseconds() - begin) >>> 0,
  ];
  try {
    for (const item of items) {
      const result = task(item);
      if (isThenable(result)) return rest(items, later, results, result).then(outcome, (error) => outcome(error, true));
      results.push(unmoved(result));
    }
  } catch (error) {
    return outcome(error, true);
  }
  return outcome();
}

async function rest(
  items: readonly unknown[],
  call: (item: unknown) => unknown,
  results: unknown[],
  first: PromiseLike<unknown>,
): Promise<void> {
  results.push(unmoved(await first));
  while (results.length < items.length) results.push(unmoved(await call(items[results.length])));
}

/** What is to be moved is copied: it is one of several. */
function unmoved(result: unknown): unknown {
  return result instanceof Moved ? result.value : result;
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  const mayHave = (typeof value === "object" && value !== null) || typeof value === "function";
  return mayHave && typeof Reflect.get(value as object, "then") === "function";
}
