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
 * Something that happens, and that workers wait for. `set` lets all waiting workers go on, and all that come later,
 * until `reset`. A worker that waited at the time of `set` goes on, also if `reset` follows at once. An event is not
 * set when it is made.
 *
 * Every worker of the space may call every method. A method blocks only where its comment says so. On a browser's main
 * thread, a call that would block throws a BlockingError; use the methods that end in `Async` there.
 *
 * See docs/library/event.md.
 *
 * @example
 * ```ts
 * import { Event, SharedSpace } from "landspout";
 *
 * const ready = new Event(new SharedSpace());
 * setTimeout(() => ready.set());
 * await ready.waitAsync({ timeout: 1000 }); // or ready.wait(1000), which blocks
 * ready.reset();
 * console.log(ready.isSet, ready.wait(10)); // false false
 * ```
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

  /** Whether the event is set. Never blocks. @throws {FreedError} */
  get isSet(): boolean {
    this.mustExist("look");
    return this.#kernel.event_is_set(this.#address) === 1;
  }

  /**
   * Sets the event. Does nothing if it is set. Never blocks.
   *
   * @throws {SpaceFullError} if there is no room to record that this worker sets it
   * @throws {FreedError}
   */
  set(): void {
    this.mustExist("set");
    if (this.#kernel.event_set(this.#address) === 0) {
      throw holdsTooMany("set");
    }
  }

  /** Resets the event. Does nothing if it is not set. Never blocks. @throws {FreedError} */
  reset(): void {
    this.mustExist("reset");
    this.#kernel.event_reset(this.#address);
  }

  /**
   * Blocks until the event is set, at most `milliseconds`. 0 means one look; Infinity, the default, for ever.
   *
   * @returns false if the time was over first
   * @throws {TypeError} {RangeError} if `milliseconds` is not a number from 0 on
   * @throws {BlockingError} if it is not set, on a browser's main thread
   * @throws {FreedError}
   */
  wait(milliseconds = Number.POSITIVE_INFINITY): boolean {
    mustBeTime(milliseconds, WAIT);
    return waitBlocking(this, this.#attempt(), milliseconds) !== TIMED_OUT;
  }

  /** As `wait`, without blocking. The promise rejects when the time is over or the signal is aborted. */
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
