import { Pool, type PoolOptions, SharedBuffer } from "#library/index.js";
import type * as Deaths from "./tasks/deaths.js";
import type * as Plain from "./tasks/plain.js";
import type * as Starts from "./tasks/starts.js";

export const urlOf = (file: string) => new URL(`./tasks/${file}`, import.meta.url);

export const plainPool = (options?: PoolOptions) => new Pool<typeof Plain>(urlOf("plain.js"), options);
export const deathsPool = (options?: PoolOptions) => new Pool<typeof Deaths>(urlOf("deaths.js"), options);
export const startsPool = (options?: PoolOptions) => new Pool<typeof Starts>(urlOf("starts.js"), options);

/** Words that tasks of the pool can be given, all 0. */
export function wordsFor(pool: Pool<never>, words = 2) {
  const shared = new SharedBuffer(pool.space, words * 4);
  return { shared, words: shared.view(Int32Array) };
}

/** Resolves when it is so. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** What a promise rejects with. */
export async function reasonOf(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  return promise.then(
    (value) => {
      throw new Error(`received ${String(value)}; expected a rejection`);
    },
    (reason) => reason,
  );
}
