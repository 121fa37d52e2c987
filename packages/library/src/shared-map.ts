import { mustBeFunction, mustBeOptions, mustBeWhole } from "./arguments.js";
import { addClass } from "./classes.js";
import type { LibraryKernel } from "./kernel.js";
import { ALWAYS, IF_ABSENT } from "./map/entries.js";
import { type MapKey, ownKey } from "./map/keys.js";
import { Condition, DONE } from "./map/layout.js";
import { findOrMake, findOrMakeAsync, Making } from "./map/making.js";
import { asAskedFor, MOST_PARTITIONS, roundedUp } from "./map/partitions.js";
import { Store } from "./map/store.js";
import { type Existing, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { mustBeSynchronous, mustNotBePromise, type Synchronous } from "./synchronous.js";
import { type WaitOptions, waitOptions } from "./waiting.js";

export type { MapKey } from "./map/keys.js";

/** Passes over the partitions of `size`, until two find the same. */
const PASSES = 64;

const GET_OR_INSERT = "get or insert";
const UPDATE = "update";

export interface SharedMapOptions {
  /**
   * Parts that can be written at once, one by each worker: 1 to 64, rounded up to a power of two. Each takes 256 bytes.
   * Default: twice the space's workers, at most 64.
   */
  readonly partitions?: number | undefined;
}

/**
 * A map that all workers of a space share. Readers take no lock, and write nothing that others read. Writers lock one
 * of the map's partitions. It grows without stopping anybody. A worker that dies in the middle of a write has written
 * all or nothing.
 *
 * Keys are strings, numbers and Uint8Arrays. Numbers are equal as in a Map: NaN equals NaN, and -0 equals 0.
 * Uint8Arrays are equal if their bytes are. A key has at most 1 MiB.
 *
 * Values are numbers, Uint8Arrays, and whatever a Channel sends, at most 256 MiB. They are copied. `undefined` can be a
 * value, and `has` tells it from none. What is got as a plain object or array of at most 1,024 bytes is frozen with all
 * that is in it: as long as it is not set again, a worker gets the same object again, and nothing is copied. A Uint8Array
 * is a copy of the caller's own, and so is a longer value, or one that contains what cannot be frozen, such as a Map, a
 * Date or a typed array.
 *
 * Every worker of the space may call every method. A method blocks only where its comment says so. On a browser's main
 * thread, a call that would block throws a BlockingError; use the methods that end in `Async` there. Memory: 128 bytes
 * and 256 for each partition; for each entry 32 bytes, its key and its value, each rounded up to a multiple of 8, and 8
 * to 16 bytes more.
 *
 * See docs/library/shared-map.md.
 *
 * Source: Shalev & Shavit, Split-Ordered Lists, J. ACM 53(3), 2006; Fraser, Practical Lock-Freedom, 2004.
 *
 * @example
 * ```ts
 * import { SharedMap, SharedSpace } from "landspout";
 *
 * const users = new SharedMap<string, { name: string }>(new SharedSpace());
 * users.set("a7", { name: "Ada" });
 * console.log(users.get("a7")?.name, users.has("b2"), users.size); // Ada false 1
 * users.update("a7", (user) => ({ name: `${user?.name} L.` }));
 * for (const [key, { name }] of users) console.log(key, name); // a7 Ada L.
 * console.log(users.delete("a7"), users.getOrInsert("b2", () => ({ name: "Bea" })).name); // true Bea
 * ```
 */
export class SharedMap<K extends MapKey = string, V = unknown> extends SharedObject {
  /** Parts that can be written at once, a power of two. */
  readonly partitions: number;
  readonly #store: Store;

  /**
   * @throws {RangeError} if an option is out of its range
   * @throws {SpaceFullError}
   */
  constructor(space: SharedSpace | Existing, options: SharedMapOptions = {}) {
    super(space, "SharedMap", (kernel) => create(kernel, options));
    const { address, identity } = this.handle;
    this.partitions = this.space.kernel.map_partitions(address);
    this.#store = new Store(this.space, address, identity, (what) => this.freedError(what));
  }

  /**
   * The value of a key; undefined if there is none. Never blocks.
   *
   * @throws {TypeError} {RangeError} if it is no key
   * @throws {SpaceFullError} if the key has more than 980 bytes, and there is no room to look for it
   * @throws {DOMException} of name `DataCloneError`, if there is no memory to read the value
   * @throws {FreedError}
   */
  get(key: K): V | undefined {
    return this.#store.get(key) as V | undefined;
  }

  /** Whether a key has a value. Never blocks. @throws as `get` */
  has(key: K): boolean {
    return this.#store.has(key);
  }

  /**
   * Sets a key. Blocks for a moment while another writes to the same partition; longer if a worker stands still in a
   * call of `get` or of an iterator, and 1 MiB of what was overwritten since cannot be freed.
   *
   * @throws {SpaceFullError} then nothing is changed
   * @throws {DOMException} of name `DataCloneError`, if the value cannot be copied
   * @throws {ForeignHandleError} if the value contains an object of another space
   * @throws {TypeError} {RangeError} if it is no key, or the value is longer than 256 MiB
   * @throws {FreedError}
   */
  set(key: K, value: V): this {
    this.#store.put(key, value, "set", ALWAYS);
    return this;
  }

  /** Deletes a key. Blocks as `set`. @returns whether it had a value @throws as `get` */
  delete(key: K): boolean {
    return this.#store.remove(key, "delete", ALWAYS) === DONE;
  }

  /**
   * The value of a key. If there is none, sets it to what `make` returns. One worker at a time calls `make` for a key,
   * and the others wait: this call blocks meanwhile. If `make` throws, its caller gets the error, and the others make
   * the value themselves. If the worker that makes it dies, another makes it.
   *
   * Until then the key has no value for all other methods. If another sets it meanwhile, that value stays; the caller
   * gets what it has made.
   *
   * @throws what `make` throws; as `set`
   * @throws {TypeError} if `make` is not a function, is an async function, or returns a promise: use
   *   `getOrInsertAsync`
   * @throws {DeadlockError} if this worker is making the key's value already, and would wait for itself; with
   *   landspout/debug, as `Mutex.lock`
   * @throws {BlockingError} if another makes it, on a browser's main thread
   */
  getOrInsert<T extends V>(key: K, make: (key: K) => Synchronous<T>): V {
    mustBeSynchronous(make, GET_OR_INSERT, SYNCHRONOUS);
    const found = findOrMake(this.space, this.#store, key);
    if (!(found instanceof Making)) return found.value as V;
    let value: V;
    try {
      value = mustNotBePromise(make(key), GET_OR_INSERT, SYNCHRONOUS) as V;
    } catch (error) {
      found.giveUp();
      throw error;
    }
    found.keep(value);
    return value;
  }

  /**
   * As `getOrInsert`, without blocking. It awaits what `make` returns. The timeout and the signal end the wait for
   * other workers, not the making.
   *
   * @throws as `getOrInsert`, but no DeadlockError and no BlockingError; a DOMException of name `TimeoutError`; the
   *   signal's reason
   */
  async getOrInsertAsync(key: K, make: (key: K) => V | PromiseLike<V>, options?: WaitOptions): Promise<V> {
    mustBeFunction(make, GET_OR_INSERT, "make");
    const found = await findOrMakeAsync(this.space, this.#store, key, waitOptions(GET_OR_INSERT, options));
    if (!(found instanceof Making)) return found.value as V;
    let value: V;
    try {
      value = await make(key);
    } catch (error) {
      found.giveUp();
      throw error;
    }
    found.keep(value);
    return value;
  }

  /**
   * Sets a key to what `change` makes of its value, which is undefined if there is none. If another writes the key
   * meanwhile, `change` is called again, with what is there then: so it must have no effects but what it returns. If it
   * returns undefined, the key is deleted. Blocks as `set`.
   *
   * @returns what `change` has returned last
   * @throws what `change` throws, then nothing is changed; as `set`
   * @throws {TypeError} if `change` is not a function, is an async function, or returns a promise
   */
  update<T extends V | undefined>(key: K, change: (value: V | undefined) => Synchronous<T>): T {
    mustBeSynchronous(change, UPDATE, "a function that returns the new value");
    // What `change` may do to the caller's does not move the entry.
    const own = ownKey(key);
    for (;;) {
      const found = this.#store.find(own, UPDATE);
      const value = mustNotBePromise(
        change(found.value as V | undefined),
        UPDATE,
        "a function that returns the new value",
      ) as T;
      const expected = found.condition === Condition.ifNothing || found.maker ? IF_ABSENT : found;
      if (value === undefined) {
        if (expected === IF_ABSENT) return value;
        if (this.#store.remove(own, UPDATE, expected) === DONE) return value;
      } else if (this.#store.put(own, value, UPDATE, expected) === DONE) return value;
    }
  }

  /**
   * Deletes all entries, one partition after the other. What others set meanwhile may stay. Blocks as `set`.
   *
   * @throws {FreedError}
   */
  clear(): void {
    if (this.space.kernel.map_clear(this.handle.address, this.handle.identity) === 0) throw this.freedError("clear");
    this.#store.forget();
  }

  /**
   * How many entries there are, at one moment of the call. If others write all the time, so that 64 looks at all
   * partitions find no such moment, it is as `approximateSize`. Never blocks.
   *
   * @throws {FreedError}
   */
  get size(): number {
    return this.#size(PASSES);
  }

  /**
   * How many entries there are, from one look at each partition: all that are there during the whole call, and some of
   * those that come or go. Never blocks.
   *
   * @throws {FreedError}
   */
  get approximateSize(): number {
    return this.#size(1);
  }

  #size(passes: number): number {
    const size = this.space.kernel.map_size(this.handle.address, this.handle.identity, passes);
    if (size < 0) throw this.freedError("look");
    return size;
  }

  /**
   * The entries, in no order that means anything. Workers may write meanwhile: a key that is there all the time comes
   * exactly once, with the value that it has then; one that comes or goes may come or not. Never blocks.
   *
   * @throws {FreedError} also if it is freed meanwhile
   */
  entries(): IterableIterator<[K, V]> {
    return this.#store.all(this.partitions, true) as IterableIterator<[K, V]>;
  }

  /** The keys, as `entries`; no value is read. */
  *keys(): IterableIterator<K> {
    for (const [key] of this.#store.all(this.partitions, false)) yield key as K;
  }

  /** The values, as `entries`. */
  *values(): IterableIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  /** As `entries`. */
  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries();
  }

  /** @internal */
  protected override madeWith(options?: SharedMapOptions): unknown[] {
    return [{ partitions: asAskedFor(options?.partitions, this.partitions) }];
  }
}
addClass("SharedMap", SharedMap);

const SYNCHRONOUS = "a function that returns the value, or getOrInsertAsync";

function create(kernel: LibraryKernel, options: SharedMapOptions): number {
  const what = "make a SharedMap";
  mustBeOptions(options, what, ["partitions"]);
  const { partitions = Math.min(2 * kernel.workers(), MOST_PARTITIONS) } = options;
  mustBeWhole(partitions, what, 1, MOST_PARTITIONS, "partitions");
  // Each worker that uses maps needs that, too: else nobody would free the map.
  if (kernel.map_scratch() === 0) return 0;
  const [a, b, c, d] = crypto.getRandomValues(new Uint32Array(4));
  return kernel.map_create(roundedUp(partitions), a!, b!, c!, d!);
}
