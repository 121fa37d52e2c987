import { mustBeA, mustBeTime, mustBeWhole } from "./arguments.js";
import { CHEAP_LOOKS, type CheapLooks, cheapLooksOf } from "./cheap-looks.js";
import { addClass } from "./classes.js";
import { copyWritten } from "./copy.js";
import { SpaceFullError } from "./errors.js";
import { frozen } from "./frozen.js";
import type { LibraryKernel } from "./kernel.js";
import { waitAsync } from "./lines.js";
import { FREED, holdsTooMany } from "./results.js";
import { type Existing, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { StructuredReader } from "./structured-reader.js";
import type { Purpose } from "./structured-refusal.js";
import { withWriter } from "./structured-writers.js";
import { mustBeSynchronous, mustNotBePromise, type Synchronous } from "./synchronous.js";
import { BLOCK_HEADER, copyValue } from "./value.js";
import { TIMED_OUT, timeoutError, type WaitOptions, waitBlocking, waitOptions } from "./waiting.js";

// Results of `replicated_replace`; kernel/library/replicated.ts.
const CHANGED = 1;

/** The word of an object that is its version, or for a moment was. */
const VERSION = 1;

/** No object's identity. */
const NO_COPY = -1;

const MOST_BYTES = 2 ** 30;
const MOST_VERSION = 2 ** 32 - 1;

const GET = "get the value of a Replicated";
const WAIT = "wait for a change of a Replicated";
const UPDATE = "update a Replicated";

const reader = new StructuredReader();

const purposeOf = (verb: string): Purpose => ({
  verb,
  place: (path) => `value${path}`,
  owner: "the Replicated's",
  limit: "of all values",
});
const MAKING = purposeOf("make a Replicated");
const SETTING = purposeOf("set a Replicated");
const UPDATING = purposeOf(UPDATE);

/**
 * A value that all workers read and few change: a configuration, flags, routes. Each worker has a copy of its own, and
 * `get` returns it. After a change, the next `get` of a worker makes its copy anew. Who reads writes nothing that others read.
 *
 * A change replaces the whole value. If a worker dies while it changes it, it has replaced the value, or it has not.
 *
 * Values are copied as a Channel copies them. Copies are frozen: plain objects and arrays, and those in them. What a worker
 * changed there would be lost with the next change.
 *
 * Every worker of the space may call every method. A method blocks only where its comment says so. On a browser's main
 * thread, a call that would block throws a BlockingError; use `waitAsync` there.
 *
 * See docs/library/replicated.md.
 *
 * @example
 * ```ts
 * import { Replicated, SharedSpace } from "landspout";
 *
 * const limits = new Replicated(new SharedSpace(), { requests: 100, bytes: 1e6 });
 * limits.update((now) => ({ ...now, requests: 200 }));
 * console.log(limits.get().requests, limits.version); // 200 1
 * ```
 */
export class Replicated<T = unknown> extends SharedObject {
  readonly #kernel: LibraryKernel;
  readonly #address: number;
  readonly #identity: number;
  /** The identity and the version, as other memory: they never move. */
  readonly #words: Int32Array;
  /** This worker's copy, and its version. */
  #value: T | undefined;
  #version = 0;
  readonly #looks: CheapLooks;
  /** What is to be there if the copy is good: the identity, or NO_COPY. */
  #trusted = NO_COPY;

  /** @internal */
  constructor(existing: Existing);
  /**
   * @param value the value at first, of version 0
   * @throws {DOMException} of name `DataCloneError`, if it cannot be copied
   * @throws {SpaceFullError}
   */
  constructor(space: SharedSpace, value: T);
  constructor(at: SharedSpace | Existing, value?: T) {
    super(at, "Replicated", (kernel) => created(at as SharedSpace, kernel, value));
    this.#kernel = this.space.kernel;
    this.#address = this.handle.address;
    this.#identity = this.handle.identity;
    const first = this.#address >>> 2;
    this.#looks = cheapLooksOf(this.space);
    this.#words = this.space.words(this.#address, (VERSION + 1) * 4).subarray(first, first + VERSION + 1);
  }

  /** `replicated.get()`. */
  static get<T>(replicated: Replicated<T>): T {
    return mustBeA<Replicated<T>>(Replicated, replicated, GET).get();
  }

  /** `replicated.set(value)`. */
  static set<T>(replicated: Replicated<T>, value: T): number {
    return mustBeA<Replicated<T>>(Replicated, replicated, SETTING.verb).set(value);
  }

  /** `replicated.update(change)`. */
  static update<T>(replicated: Replicated<T>, change: (value: T) => Synchronous<T>): number {
    return mustBeA<Replicated<T>>(Replicated, replicated, UPDATE).update(change);
  }

  /** `replicated.wait(version, milliseconds)`. */
  static wait<T>(replicated: Replicated<T>, version: number, milliseconds?: number): boolean {
    return mustBeA<Replicated<T>>(Replicated, replicated, WAIT).wait(version, milliseconds);
  }

  /** `replicated.waitAsync(version, options)`. */
  static async waitAsync<T>(replicated: Replicated<T>, version: number, options?: WaitOptions): Promise<void> {
    return mustBeA<Replicated<T>>(Replicated, replicated, WAIT).waitAsync(version, options);
  }

  /**
   * The version of the value: how often it was replaced, modulo 2^32. Never blocks.
   *
   * @throws {FreedError}
   */
  get version(): number {
    this.mustExist("look");
    this.#kernel.replicated_look(this.#address);
    return this.#kernel.replicated_version.value >>> 0;
  }

  /**
   * This worker's copy of the value, frozen; the same one until the value is replaced. What was set before `get` was called,
   * as far as this worker can know of it, is there. Never blocks, except for a moment where changes follow each other faster
   * than the value can be copied.
   *
   * @throws {DOMException} of name `DataCloneError`, if no memory is left for the copy; its cause says why
   * @throws {FreedError}
   * @throws {SpaceClosedError} if this worker has closed the space
   */
  get(): T {
    const words = this.#words;
    const isOther = (words[0]! ^ this.#trusted) | (words[VERSION]! ^ this.#version);
    return isOther === 0 && --this.#looks.left > 0 ? (this.#value as T) : this.#look();
  }

  /**
   * Replaces the value, whatever it is. Never blocks, except for a moment.
   *
   * @returns the version of the value that was set
   * @throws {DOMException} of name `DataCloneError`, if it cannot be copied; nothing was changed
   * @throws {SpaceFullError} likewise
   * @throws {FreedError}
   */
  set(value: T): number {
    return this.#replace(value, SETTING, undefined)!;
  }

  /**
   * Replaces the value by what a function makes of it: of updates at once, none is lost. If another worker was faster, the
   * function is called again, with the value of that one. So it should do nothing but compute.
   *
   * @param change is given this worker's copy, which is frozen; returns the new value
   * @returns the version of the value that was set
   * @throws what `change` throws; nothing was changed
   * @throws {TypeError} if `change` is not a function, is an async function, or returns a promise
   * @throws as `set`
   */
  update(change: (value: T) => Synchronous<T>): number {
    mustBeSynchronous(change, UPDATE, "a function that returns the new value");
    for (;;) {
      const value = this.get();
      const version = this.#version;
      const changed = mustNotBePromise(change(value), UPDATE, "a function that returns the new value");
      const made = this.#replace(changed, UPDATING, version);
      if (made !== undefined) return made;
    }
  }

  /**
   * Blocks until the value has another version than the given one, at most `milliseconds`. 0 means one look; Infinity, the
   * default, for ever.
   *
   * @param version as `version`, `set` or `update` returned it
   * @returns false if the time was over first
   * @throws {TypeError} {RangeError} if `version` is not a whole number, 0 to 2^32 - 1, or `milliseconds` not one from 0 on
   * @throws {BlockingError} if it has that version, on a browser's main thread
   * @throws {FreedError}
   * @example
   * ```ts
   * import { Replicated, SharedSpace } from "landspout";
   *
   * const flags = new Replicated(new SharedSpace(), { beta: false });
   * const version = flags.version;
   * setTimeout(() => flags.set({ beta: true }));
   * await flags.waitAsync(version, { timeout: 1000 }); // or flags.wait(version, 1000), which blocks
   * console.log(flags.get().beta); // true
   * ```
   */
  wait(version: number, milliseconds = Number.POSITIVE_INFINITY): boolean {
    const attempt = this.#attempt(version);
    mustBeTime(milliseconds, WAIT);
    this.mustExist("wait");
    return waitBlocking(this, attempt, milliseconds) !== TIMED_OUT;
  }

  /** As `wait`, without blocking. The promise rejects when the time is over or the signal is aborted. */
  async waitAsync(version: number, options?: WaitOptions): Promise<void> {
    const attempt = this.#attempt(version);
    const { timeout, signal } = waitOptions(WAIT, options);
    this.mustExist("wait");
    // Those who wait for a change of another version do not wait for each other.
    const result = await waitAsync(this, attempt, timeout, signal, version);
    if (result === TIMED_OUT) throw timeoutError(WAIT, timeout);
  }

  /** @internal What it was made with may have been replaced since. */
  override mustBeMadeWith(): void {}

  #attempt(version: number): (as: number) => number {
    mustBeWhole(version, WAIT, 0, MOST_VERSION, "version");
    return (as) => this.#kernel.replicated_attempt(this.#address, version, as);
  }

  #look(): T {
    this.mustExist("get");
    this.#kernel.replicated_look(this.#address);
    if (this.#trusted !== NO_COPY && this.#kernel.replicated_version.value === this.#version) {
      this.#looks.left = CHEAP_LOOKS;
      return this.#value as T;
    }
    const version = copyValue(this, (begin, length) => {
      const { space } = this;
      reader.load(space.bytes(begin, length), space.words(begin, length), begin, length);
    });
    this.#value = frozen(reader.read(this.space)) as T;
    this.#version = version;
    this.#trusted = this.#identity;
    this.#looks.left = CHEAP_LOOKS;
    return this.#value;
  }

  /** The version that it made; undefined, if another one than the expected was there. */
  #replace(value: T, purpose: Purpose, expected: number | undefined): number | undefined {
    this.mustExist(purpose.verb);
    const kernel = this.#kernel;
    return withWriter((writer) => {
      writer.write(value, this.space, MOST_BYTES, purpose);
      const block = kernel.replicated_room(writer.at) >>> 0;
      if (block === 0) throw noRoom(writer.at, purpose);
      copyWritten(writer, this.space, block + BLOCK_HEADER);
      const result = kernel.replicated_replace(
        this.#address,
        this.#identity,
        block,
        expected === undefined ? 0 : 1,
        expected ?? 0,
      );
      if (result === 0) return kernel.replicated_version.value >>> 0;
      kernel.release(block);
      if (result === CHANGED) return undefined;
      throw result === FREED ? this.freedError(purpose.verb) : holdsTooMany(purpose.verb);
    });
  }
}
addClass("Replicated", Replicated);

function created(space: SharedSpace, kernel: LibraryKernel, value: unknown): number {
  return withWriter((writer) => {
    writer.write(value, space, MOST_BYTES, MAKING);
    const address = kernel.replicated_create(writer.at) >>> 0;
    if (address !== 0) copyWritten(writer, space, (kernel.replicated_look(address) >>> 0) + BLOCK_HEADER);
    return address;
  });
}

function noRoom(bytes: number, { verb }: Purpose): SpaceFullError {
  return new SpaceFullError(
    `Cannot ${verb}: received a value of ${bytes} bytes and a space that is full; expected room for it`,
  );
}
