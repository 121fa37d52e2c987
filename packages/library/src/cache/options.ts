/** Options of a SharedCache, and of its calls; those that it was made with are in its words, for all who receive it. */
import { mustBeBoolean, mustBeOptions, mustBeTime, mustBeWhole, wrong } from "../arguments.js";
import type { LibraryKernel } from "../kernel.js";
import { UNIT_BYTES } from "../map/layout.js";
import { MOST_PARTITIONS, roundedDown, roundedUp } from "../map/partitions.js";
import type { SharedSpace } from "../space.js";
import { type Wait, type WaitOptions, waitOptions } from "../waiting.js";
import { OPTIONS } from "./layout.js";

const MOST_BYTES = 2 ** 32;
const MOST_ENTRIES = 2 ** 28;
const MOST_FIRST_LEVEL = 2 ** 24;
/** Of a partition, where their number is not given. */
const LEAST_BYTES = 256 * 1024;
const LEAST_ENTRIES = 256;
/** Bytes of an entry, as far as ghosts are reckoned with. */
const MEAN_BYTES = 1024;
const LEAST_GHOSTS = 16;
const MOST_GHOSTS = 2 ** 20;
/** Of a partition without a bound. */
const UNBOUNDED = 0xffffffff;

/** How long an entry stays. */
export interface CacheSetOptions {
  /** Milliseconds, more than 0, up to Infinity. Default: the cache's. */
  readonly ttl?: number | undefined;
}

/** The options that a cache was made with. */
export type Made = Required<{
  [Name in keyof Omit<SharedCacheOptions, "partitions">]: NonNullable<SharedCacheOptions[Name]>;
}>;

/** Options of `fetch`; the timeout and the signal end the wait for other workers, not the load. */
export interface CacheFetchOptions extends CacheSetOptions, WaitOptions {
  /**
   * Whether a value whose time has ended is returned, if there is one, while it is loaded anew. What that load throws
   * then is not the caller's; see `errorTtl`. Default: the cache's.
   */
  readonly stale?: boolean | undefined;
  /**
   * Milliseconds for which what a load throws is thrown to others who fetch the key; 0: they load themselves. Default:
   * the cache's.
   */
  readonly errorTtl?: number | undefined;
}

/** Options of a SharedCache: `bytes` or `entries` has to be there. */
export interface SharedCacheOptions {
  /**
   * The most bytes that all entries take, up to 2^32: each takes 64, its key and its value, rounded up to 16. Default:
   * no bound but the space.
   */
  readonly bytes?: number | undefined;
  /** The most entries, up to 2^28. Default: no bound. */
  readonly entries?: number | undefined;
  /** Milliseconds for which an entry stays that is set without a time of its own, more than 0. Default: Infinity. */
  readonly ttl?: number | undefined;
  /** Of `fetch`. Default: false. */
  readonly stale?: boolean | undefined;
  /** Of `fetch`. Default: 0. */
  readonly errorTtl?: number | undefined;
  /**
   * Parts that can be written at once, 1 to 64, rounded up to a power of two; no more than entries. Each part has its
   * share of the bytes and of the entries. No entry is longer than that share. Default: twice the space's workers, but
   * each part has 256 KiB and 256 entries at least.
   */
  readonly partitions?: number | undefined;
  /** Values that each worker keeps for itself, up to 2^24; 0: none. Default: 4,096. */
  readonly firstLevel?: number | undefined;
}

/** How long what is set stays. @throws {TypeError | RangeError} */
export function ttlOf(made: Made, what: string, options: CacheSetOptions | undefined): number {
  if (options === undefined) return made.ttl;
  mustBeOptions(options, what, ["ttl"]);
  const { ttl = made.ttl } = options;
  mustBeTtl(ttl, what);
  return ttl;
}

/** Options of `fetch`, where none is given those of the cache. @throws {TypeError | RangeError} */
export function fetchOptions(
  made: Made,
  what: string,
  options: CacheFetchOptions | undefined,
): Made & { readonly wait: Wait } {
  if (options === undefined) return { ...made, wait: waitOptions(what, undefined) };
  mustBeOptions(options, what, ["ttl", "stale", "errorTtl", "timeout", "signal"]);
  const { ttl = made.ttl, stale = made.stale, errorTtl = made.errorTtl, timeout, signal } = options;
  mustBeTtl(ttl, what);
  mustBeBoolean(stale, what, "stale");
  mustBeTime(errorTtl, what, "errorTtl");
  return { ...made, ttl, stale, errorTtl, wait: waitOptions(what, { timeout, signal }) };
}

/** Makes a cache. 0: the space is full. @throws {TypeError | RangeError} */
export function created(kernel: LibraryKernel, space: SharedSpace, options: SharedCacheOptions | undefined): number {
  const what = "make a SharedCache";
  mustBeOptions(options, what, OPTION_NAMES);
  const {
    bytes,
    entries,
    ttl = Number.POSITIVE_INFINITY,
    stale = false,
    errorTtl = 0,
    firstLevel = 4096,
  } = options ?? {};
  if (bytes === undefined && entries === undefined) {
    throw new TypeError(`Cannot ${what}: received no bound; expected { bytes } or { entries }`);
  }
  if (bytes !== undefined) mustBeWhole(bytes, what, 1, MOST_BYTES, "bytes");
  if (entries !== undefined) mustBeWhole(entries, what, 1, MOST_ENTRIES, "entries");
  mustBeTtl(ttl, what);
  mustBeBoolean(stale, what, "stale");
  mustBeTime(errorTtl, what, "errorTtl");
  mustBeWhole(firstLevel, what, 0, MOST_FIRST_LEVEL, "firstLevel");
  const { partitions = defaultPartitions(kernel.workers(), bytes, entries) } = options ?? {};
  mustBeWhole(partitions, what, 1, Math.min(MOST_PARTITIONS, roundedDown(entries ?? MOST_PARTITIONS)), "partitions");
  const count = roundedUp(partitions);
  if (kernel.map_scratch() === 0) return 0;
  const units = bytes === undefined ? UNBOUNDED : Math.floor(bytes / count / UNIT_BYTES);
  const most = entries === undefined ? UNBOUNDED : Math.floor(entries / count);
  const ghosts = Math.min(most, (bytes ?? Number.POSITIVE_INFINITY) / count / MEAN_BYTES, MOST_GHOSTS / count);
  const [a, b, c, d] = crypto.getRandomValues(new Uint32Array(4));
  let slots = roundedUp(Math.max(ghosts, LEAST_GHOSTS));
  let cache = 0;
  do {
    cache = kernel.cache_create(count, slots, units, most, a!, b!, c!, d!) >>> 0;
    // Fewer ghosts are better than no cache.
    slots /= 2;
  } while (cache === 0 && slots >= LEAST_GHOSTS);
  if (cache !== 0) {
    const bounds = [bytes ?? Number.POSITIVE_INFINITY, entries ?? Number.POSITIVE_INFINITY];
    optionWords(space, cache).set([...bounds, ttl, stale ? 1 : 0, errorTtl, firstLevel], 0);
  }
  return cache;
}

const OPTION_NAMES = ["bytes", "entries", "ttl", "stale", "errorTtl", "partitions", "firstLevel"];
const OPTION_COUNT = 6;

function optionWords(space: SharedSpace, cache: number): Float64Array {
  const { buffer } = space.bytes(cache, OPTIONS + OPTION_COUNT * 8);
  return new Float64Array(buffer, cache + OPTIONS, OPTION_COUNT);
}

export function optionsAt(space: SharedSpace, cache: number): Made {
  const [bytes, entries, ttl, stale, errorTtl, firstLevel] = optionWords(space, cache) as unknown as number[];
  return {
    bytes: bytes!,
    entries: entries!,
    ttl: ttl!,
    stale: stale === 1,
    errorTtl: errorTtl!,
    firstLevel: firstLevel!,
  };
}

function defaultPartitions(
  workers: number,
  bytes = Number.POSITIVE_INFINITY,
  entries = Number.POSITIVE_INFINITY,
): number {
  const most = Math.min(2 * workers, MOST_PARTITIONS, bytes / LEAST_BYTES, entries / LEAST_ENTRIES);
  return roundedDown(Math.max(most, 1));
}

function mustBeTtl(ttl: unknown, what: string): void {
  if (typeof ttl === "number" && ttl > 0) return;
  throw wrong(what, ttl, "ttl, milliseconds, more than 0, up to Infinity", "number");
}
