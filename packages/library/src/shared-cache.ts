import { mustBeFunction } from "./arguments.js";
import { FirstLevel, NONE } from "./cache/first-level.js";
import {
  COUNTED,
  ERRORS,
  ERRORS_TOO,
  HITS,
  KEPT,
  LINES,
  LOADING,
  LOADS,
  MISSES,
  MOST_UNITS,
  OPTIONS,
  STALE,
  STALE_TOO,
} from "./cache/layout.js";
import { type Load, Loading } from "./cache/loading.js";
import {
  type CacheFetchOptions,
  type CacheSetOptions,
  created,
  fetchOptions,
  type Made,
  optionsAt,
  type SharedCacheOptions,
  ttlOf,
} from "./cache/options.js";
import { CacheStore, type Look } from "./cache/store.js";
import { addClass } from "./classes.js";
import { milliseconds } from "./clock.js";
import type { LibraryKernel } from "./kernel.js";
import { ALWAYS } from "./map/entries.js";
import { type MapKey, ownKey } from "./map/keys.js";
import { DONE, TOO_LARGE, UNIT_BYTES } from "./map/layout.js";
import { findOrMake, findOrMakeAsync, Making } from "./map/making.js";
import { asAskedFor } from "./map/partitions.js";
import { type Existing, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { mustBeSynchronous, mustNotBePromise, type Synchronous } from "./synchronous.js";

export type { CacheFetchOptions, CacheSetOptions, SharedCacheOptions } from "./cache/options.js";

const GET = "get";
const SET = "set";
const DELETE = "delete";
const FETCH = "fetch";
const GET_OR_INSERT = "get or insert";
const SYNCHRONOUS = "a function that returns the value, or fetch";

/** What all workers of a SharedCache have done so far; of other workers, up to 64 hits in their first levels are missing. */
export interface CacheStatistics {
  /** Looks that found a value; of them, those in a worker's first level, and those of a value whose time had ended. */
  readonly hits: number;
  readonly firstLevelHits: number;
  readonly staleHits: number;
  readonly misses: number;
  /** Loads that returned a value, and those that threw. */
  readonly loads: number;
  readonly errors: number;
  /** Entries that had to leave for others, or because their time had ended. */
  readonly evictions: number;
}

/**
 * A cache that all workers of a space share: a SharedMap with bounds. What is used least leaves, by S3-FIFO: a value that
 * is asked for once does not push out those that are asked for often. `fetch` loads what is not there: one worker loads,
 * and others wait. Entries can end after a time. Each worker keeps some values for itself, in a first level; it is
 * never behind the others with them.
 *
 * Keys and values are as of a SharedMap, and so is what is frozen. A worker that dies in the middle of a write has
 * written all or nothing; if it was loading a value, another loads it.
 *
 * Every worker of the space may call every method. A method blocks only where its comment says so. On a browser's main
 * thread, a call that would block throws a BlockingError; use `fetch` there. Memory: as much as there are entries, and
 * 1 KiB; 128 for each worker; for each partition 512 bytes, and 8 for each entry, or each KiB, that it may have.
 *
 * See docs/library/shared-cache.md.
 *
 * Source: Yang, Zhang, Qiu, Yue & Vigfusson, FIFO Queues are All You Need for Cache Eviction, SOSP 2023.
 *
 * @example
 * ```ts
 * import { SharedCache, SharedSpace } from "landspout";
 *
 * const pages = new SharedCache<string, string>(new SharedSpace(), { bytes: 2 ** 20, ttl: 60_000 });
 * const page = await pages.fetch("/index", async (path) => `made for ${path}`);
 * console.log(page, pages.get("/index") === page, pages.has("/other")); // made for /index true false
 * pages.set("/other", "short-lived", { ttl: 10 });
 * console.log(pages.delete("/index"), pages.size, pages.statistics().loads); // true 1 1
 * ```
 */
export class SharedCache<K extends MapKey = string, V = unknown> extends SharedObject {
  /** The most bytes that all entries take; Infinity: no bound. */
  readonly mostBytes: number;
  /** The most entries; Infinity: no bound. */
  readonly mostEntries: number;
  readonly partitions: number;
  readonly #options: Made;
  readonly #entries: CacheStore;
  readonly #first: FirstLevel;
  readonly #loading: Loading;

  /**
   * @throws {TypeError} if there is neither `bytes` nor `entries`
   * @throws {RangeError} if an option is out of its range
   * @throws {SpaceFullError}
   */
  constructor(space: SharedSpace | Existing, options?: SharedCacheOptions) {
    super(space, "SharedCache", (kernel) => created(kernel, space as SharedSpace, options));
    const { address, identity } = this.handle;
    this.#options = optionsAt(this.space, address);
    this.partitions = this.space.kernel.map_partitions(address);
    this.mostBytes = this.#options.bytes;
    this.mostEntries = this.#options.entries;
    const freed = (what: string) => this.freedError(what);
    const own = this.space.words(address, OPTIONS);
    const wordAt = (offset: number) => own[(address + offset) >>> 2]! >>> 0;
    const most = wordAt(MOST_UNITS) * UNIT_BYTES;
    this.#entries = new CacheStore(most, this.space, address, identity, freed, "a SharedCache");
    // The lines are behind the versions.
    const words = this.space.words(address, wordAt(LINES));
    this.#first = new FirstLevel(this.#options.firstLevel, words, address, identity);
    const loading = { address: wordAt(LOADING), identity: wordAt(LOADING + 4) };
    this.#loading = new Loading(this.space, address, identity, this.#entries, loading, freed);
  }

  /**
   * The value of a key; undefined if there is none, or its time has ended. Counts a hit or a miss. Never blocks.
   *
   * @throws as `get` of a SharedMap
   */
  get(key: K): V | undefined {
    this.space.mustBeOpen();
    const kept = this.#first.find(key);
    if (kept !== NONE) return kept as V;
    return this.#look(key, GET, COUNTED)?.value as V | undefined;
  }

  /** Whether a key has a value whose time has not ended. Counts nothing. Never blocks. @throws as `get` */
  has(key: K): boolean {
    return this.#entries.has(key);
  }

  /**
   * Sets a key. Others leave, if there is no room. Blocks as `set` of a SharedMap.
   *
   * @returns false if the entry is longer than a partition may be; then the key has no value any more
   * @throws as `set` of a SharedMap; {RangeError} if the time is none
   */
  set(key: K, value: V, options?: CacheSetOptions): boolean {
    const ttl = ttlOf(this.#options, SET, options);
    // What a getter of the value does to the caller's does not move the entry.
    const own = ownKey(key);
    this.#loading.disturb(own, SET);
    if (this.#entries.put(own, value, SET, ALWAYS, milliseconds() + ttl) !== TOO_LARGE) return true;
    this.#entries.remove(own, SET, ALWAYS);
    return false;
  }

  /** Deletes a key. A load of it that is under way is not kept. Blocks as `set`. @returns whether it was there */
  delete(key: K): boolean {
    const own = ownKey(key);
    this.#loading.disturb(own, DELETE);
    return this.#entries.remove(own, DELETE, ALWAYS) === DONE;
  }

  /**
   * The value of a key. If there is none, `load` is called, and what it returns is awaited and set. One worker at a time
   * loads a key, once for all of its calls; others wait, without blocking. If `load` throws, its caller gets the error;
   * the others get it too with `errorTtl`, and load themselves without. If the worker that loads dies, another loads.
   *
   * If the key is set or deleted while it is loaded, or all are, what is loaded is not kept: it may be older. Nor is what
   * is too long, or finds no room in the space. A load that fetches its own key waits for itself, for ever; so do two that
   * fetch each other's.
   *
   * @throws what `load` throws; as `get`; a DOMException of name `TimeoutError`, or `DataCloneError` if the value cannot be
   *   copied; the signal's reason
   */
  async fetch(key: K, load: (key: K) => V | PromiseLike<V>, options?: CacheFetchOptions): Promise<V> {
    mustBeFunction(load, FETCH, "load");
    const { wait, ttl, errorTtl, stale } = fetchOptions(this.#options, FETCH, options);
    this.space.mustBeOpen();
    const kept = this.#first.find(key);
    if (kept !== NONE) return kept as V;
    const own = ownKey(key) as K;
    const there = this.#look(own, FETCH, COUNTED | ERRORS_TOO | (stale ? STALE_TOO : 0));
    if (there && !there.isStale) return valueOrThrow(there) as V;
    if (there && !there.isError) {
      const making = this.#loading.tryBegin(own);
      // If that fails, the value stays.
      if (making) this.#load(making, own, load, ttl, 0).catch(() => {});
      return there.value as V;
    }
    const elsewhere = () => this.#look(own, FETCH, ERRORS_TOO);
    const found = await findOrMakeAsync(this.space, this.#loading.placeholders, own, wait, FETCH, elsewhere);
    return found instanceof Making ? this.#load(found, own, load, ttl, errorTtl) : (valueOrThrow(found) as V);
  }

  async #load(making: Making, key: K, load: (key: K) => V | PromiseLike<V>, ttl: number, errorTtl: number): Promise<V> {
    const its = { making, key, what: FETCH, ttl, errorTtl };
    const there = this.#loaded(its, ERRORS_TOO);
    if (there) return valueOrThrow(there) as V;
    let value: V;
    try {
      // A copy: what it does to it is its own.
      value = await load(ownKey(key) as K);
    } catch (error) {
      this.#loading.failed(its, error);
      throw error;
    }
    this.#loading.done(its, value);
    return value;
  }

  /** What another has loaded, before this worker had the right to. */
  #loaded({ making, key, what }: Load, why: number): Look | undefined {
    try {
      const there = this.#look(key as K, what, why);
      if (there) making.giveUp();
      return there;
    } catch (error) {
      making.giveUp();
      throw error;
    }
  }

  /**
   * As `fetch`, at once: `make` is no async function, and this call blocks while another worker loads the key.
   *
   * @throws what `make` throws; as `get`, and as `getOrInsert` of a SharedMap
   */
  getOrInsert<T extends V>(key: K, make: (key: K) => Synchronous<T>, options?: CacheSetOptions): V {
    mustBeSynchronous(make, GET_OR_INSERT, SYNCHRONOUS);
    const ttl = ttlOf(this.#options, GET_OR_INSERT, options);
    this.space.mustBeOpen();
    const kept = this.#first.find(key);
    if (kept !== NONE) return kept as V;
    const own = ownKey(key) as K;
    let why = COUNTED;
    const elsewhere = () => {
      const look = this.#look(own, GET_OR_INSERT, why);
      why = 0;
      return look;
    };
    const found = findOrMake(this.space, this.#loading.placeholders, own, elsewhere);
    if (!(found instanceof Making)) return found.value as V;
    const its = { making: found, key: own, what: GET_OR_INSERT, ttl, errorTtl: 0 };
    const there = this.#loaded(its, 0);
    if (there) return there.value as V;
    let value: V;
    try {
      value = mustNotBePromise(make(ownKey(own) as K), GET_OR_INSERT, SYNCHRONOUS) as V;
    } catch (error) {
      this.#loading.failed(its, error);
      throw error;
    }
    this.#loading.done(its, value);
    return value;
  }

  /** Deletes all entries, one partition after the other. What others set meanwhile may stay. Blocks as `set`. */
  clear(): void {
    this.#loading.disturbAll("clear");
    if (this.space.kernel.cache_clear(this.handle.address, this.handle.identity) === 0) throw this.freedError("clear");
    this.#entries.forget();
    this.#first.forget();
  }

  /** Entries, from one look at each partition, also those whose time has ended. Never blocks. @throws {FreedError} */
  get size(): number {
    const size = this.space.kernel.map_size(this.handle.address, this.handle.identity, 1);
    if (size < 0) throw this.freedError("look");
    return size;
  }

  /** Bytes that the entries take, from one look at each partition. Never blocks. @throws {FreedError} */
  get bytes(): number {
    return this.#inside("look", (kernel, cache) => kernel.cache_units(cache) * UNIT_BYTES);
  }

  /** What all workers have done with the cache. Never blocks. @throws {FreedError} */
  statistics(): CacheStatistics {
    return this.#inside("look", (kernel, cache) => {
      kernel.cache_add(cache, KEPT, this.#first.takeUncounted());
      const [firstLevelHits, staleHits] = [kernel.cache_sum(cache, KEPT), kernel.cache_sum(cache, STALE)];
      return {
        hits: kernel.cache_sum(cache, HITS) + firstLevelHits + staleHits,
        firstLevelHits,
        staleHits,
        misses: kernel.cache_sum(cache, MISSES),
        loads: kernel.cache_sum(cache, LOADS),
        errors: kernel.cache_sum(cache, ERRORS),
        evictions: kernel.cache_evictions(cache),
      };
    });
  }

  /** The entries whose time has not ended, as those of a SharedMap. Counts nothing. */
  entries(): IterableIterator<[K, V]> {
    return this.#entries.all(this.partitions, true) as IterableIterator<[K, V]>;
  }

  /** The keys, as `entries`; no value is read. */
  *keys(): IterableIterator<K> {
    for (const [key] of this.#entries.all(this.partitions, false)) yield key as K;
  }

  /** The values, as `entries`. */
  *values(): IterableIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  /** As `entries`. */
  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries();
  }

  /** As `free` of all objects. What others load is not kept. */
  override free(): void {
    this.mustExist("free");
    this.#loading.free();
    super.free();
  }

  /** @internal */
  protected override madeWith(options?: SharedCacheOptions): unknown[] {
    return [{ ...this.#options, partitions: asAskedFor(options?.partitions, this.partitions) }];
  }

  /** What is shared of a key; what can be kept is kept in the first level. */
  #look(key: K, what: string, why: number): Look | undefined {
    const look = this.#entries.look(key, what, why, this.#first.takeUncounted());
    if (look?.isKept && !look.isStale) this.#first.keep(key, look.value, look.at, look.version, look.expiry);
    return look;
  }

  #inside<Result>(what: string, act: (kernel: LibraryKernel, cache: number) => Result): Result {
    const { kernel } = this.space;
    const { address, identity } = this.handle;
    if (kernel.enter_object(address, identity) === 0) throw this.freedError(what);
    try {
      return act(kernel, address);
    } finally {
      kernel.leave_object();
    }
  }
}
addClass("SharedCache", SharedCache);

/** The value of a look, or the error that it was. */
function valueOrThrow({ value, isError }: { readonly value: unknown; readonly isError?: boolean }): unknown {
  if (isError) throw value;
  return value;
}
