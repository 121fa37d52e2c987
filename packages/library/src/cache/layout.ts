/** What kernel/library/cache-layout.ts and cache.ts say of caches. */

export const LOADING = 56;
export const OPTIONS = 64;

/** Bytes of a place, and where in it an entry's end is. */
export const PLACE_BYTES = 32;
export const EXPIRY = 16;

/** What `cache_find` is for. */
export const COUNTED = 1;
export const STALE_TOO = 2;
export const ERRORS_TOO = 4;

/** What is counted. */
export const Count = { hits: 0, kept: 8, stale: 16, misses: 24, loads: 32, errors: 40 } as const;

/** Bytes of a cache up to where its versions end. */
export function ownBytes(partitions: number): number {
  return 128 + partitions * (256 + 64 * 4);
}
