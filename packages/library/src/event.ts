import { mustBeA, mustBeTime } from "./arguments.js";
import { addClass } from "./classes.js";
import type { LibraryKernel } from "./kernel.js";
import { waitAsync } from "./lines.js";
import { holdsTooMany } from "./results.js";
import { type Existing, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { TIMED_OUT, timeoutError, type WaitOptions, waitBlocking, waitOptions } from "./waiting.js";

const WAIT = "wait for an Event";

/**
 * Something that happens, and that others wait for: `set` lets all go on who wait, and who comes later, until `reset`.
 * Whoever waited when it was set goes on, also if it is reset at once. Unset when it is made.
 *
 * Every worker of the space may call every method. A method blocks only where it says so, and then not on a browser's main
 * thread: the forms that end in `Async` are for that.
 */
export class Event extends SharedObject {
  readonly #kernel: LibraryKernel;
  readonly #address: number;

  /** @throws {SpaceFullError} */
  constructor(space: SharedSpace | Existing) {
    super(space, "Event", (kernel) => kernel.event_create());
    this.#kernel = this.space.kernel;
    this.#address = this.handle.address;
  }

  /** `event.set()`. */
  static set(event: Event): void {
    mustBeA(Event, event, "set an Event").set();
  }

  /** `event.reset()`. */
  static reset(event: Event): void {
    mustBeA(Event, event, "reset an Event").reset();
  }

  /** `event.wait(milliseconds)`. */
  static wait(event: Event, milliseconds?: number): boolean {
    return mustBeA(Event, event, WAIT).wait(milliseconds);
  }

  /** `event.waitAsync(options)`. */
  static async waitAsync(event: Event, options?: WaitOptions): Promise<void> {
    return mustBeA(Event, event, WAIT).waitAsync(options);
  }

  /** @throws {FreedError} */
  get isSet(): boolean {
    this.mustExist("look");
    return this.#kernel.event_is_set(this.#address) === 1;
  }

  /** Never blocks. Does nothing if it is set. @throws {FreedError} */
  set(): void {
    this.mustExist("set");
    if (this.#kernel.event_set(this.#address) === 0) {
      throw holdsTooMany("set");
    }
  }

  /** Never blocks. Does nothing if it is not set. @throws {FreedError} */
  reset(): void {
    this.mustExist("reset");
    this.#kernel.event_reset(this.#address);
  }

  /**
   * Blocks until it is set, `milliseconds` at most: 0 for a look, Infinity, the default, for ever.
   *
   * @returns false if the time was over first
   * @throws {TypeError} {RangeError} if `milliseconds` is no number from 0 on
   * @throws {BlockingError} if it is not set, on a browser's main thread
   * @throws {FreedError}
   */
  wait(milliseconds = Number.POSITIVE_INFINITY): boolean {
    mustBeTime(milliseconds, WAIT);
    return waitBlocking(this, this.#attempt(), milliseconds) !== TIMED_OUT;
  }

  /** As `wait`, without blocking; rejects when the time is over or the signal is aborted. */
  async waitAsync(options?: WaitOptions): Promise<void> {
    const { timeout, signal } = waitOptions(WAIT, options);
    const result = await waitAsync(this, this.#attempt(), timeout, signal);
    if (result === TIMED_OUT) throw timeoutError(WAIT, timeout);
  }

  #attempt(): (as: number) => number {
    this.mustExist("wait");
    const before = this.#kernel.event_word(this.#address);
    return (as) => this.#kernel.event_attempt(this.#address, before, as);
  }
}
addClass("Event", Event);
