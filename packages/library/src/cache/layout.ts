/** What of caches the kernel and the library both know. */

// Offsets in a cache, and in the place before a value; kernel/library/cache-layout.ts.
export const MOST_UNITS = 32;
export const LINES = 44;
export const LOADING = 56;
export const OPTIONS = 64;
export const EXPIRY = 16;
export const PLACE_BYTES = 32;

// What `cache_find` is for; kernel/library/cache.ts.
export const COUNTED = 1;
export const STALE_TOO = 2;
export const ERRORS_TOO = 4;

// What is counted; kernel/library/cache.ts.
export const HITS = 0;
export const KEPT = 8;
export const STALE = 16;
export const MISSES = 24;
export const LOADS = 32;
export const ERRORS = 40;
