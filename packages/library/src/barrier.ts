import { mustBeA, mustBeWhole } from "./arguments.js";
import { mustBeAbleToBlock } from "./blocking.js";
import { addClass } from "./classes.js";
import type { LibraryKernel } from "./kernel.js";
import { waitAsync } from "./lines.js";
import { holdsTooMany } from "./results.js";
import { type Existing, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { TIMED_OUT, timeoutError, type WaitOptions, waitBlocking, waitOptions } from "./waiting.js";

// Results of the kernel; kernel/library/barrier.ts.
const FULL = 0;
const HOLDS_TOO_MANY = 4;
const FOLLOWS = 0;
const LEADS = 1;
const AGAIN = 2;
const HAS_LEFT = 3;

const WAIT = "wait at a Barrier";

/**
 * Children of a node. One line holds their words: the worker that writes one of them has the line to look at the
 * others.
 */
const FAN_IN = 8;

/**
 * A meeting point: no party goes on before all parties have arrived. It can be used again and again.
 *
 * A barrier is made for a number of parties, and waits for all of them from then on. It waits also for parties that
 * have not joined yet, for ever if they never do. A party belongs to a worker, and a worker may have several. Its own
 * party joins at the worker's first call of `wait`, `waitAsync` or `arrive`. Each call of `join` adds one more.
 *
 * When a worker dies, its parties leave, and the others do not wait for them any more. So let workers join as soon as
 * they start. The seat of a party that has left is not taken again.
 *
 * A waiting worker spins a few microseconds if there are cores for all workers. Then it sleeps.
 *
 * Every worker of the space may join. A method blocks only where its comment says so. On a browser's main thread, a
 * call that would block throws a BlockingError; use the methods that end in `Async` there.
 *
 * See docs/library/barrier.md.
 *
 * @example
 * ```ts
 * import { Barrier, SharedSpace } from "landspout";
 *
 * const barrier = new Barrier(new SharedSpace(), 2);
 * const other = barrier.join();
 * barrier.arrive(); // goes on
 * other.wait(); // ends: both parties have arrived
 * console.log(await barrier.waitAsync(), barrier.leave()); // false true
 * ```
 */
export class Barrier extends SharedObject {
  readonly #kernel: LibraryKernel;
  readonly #address: number;

  /** @internal */
  constructor(existing: Existing);
  /**
   * @param parties how many, 1 to 65535
   * @throws {TypeError} {RangeError} if `parties` is not such a number
   * @throws {SpaceFullError}
   */
  constructor(space: SharedSpace, parties: number);
  constructor(at: SharedSpace | Existing, parties?: number) {
    super(at, "Barrier", (kernel) => create(kernel, parties));
    this.#kernel = this.space.kernel;
    this.#address = this.handle.address;
  }

  /** `barrier.wait()`. */
  static wait(barrier: Barrier): boolean {
    return mustBeA(Barrier, barrier, WAIT).wait();
  }

  /** `barrier.waitAsync(options)`. */
  static async waitAsync(barrier: Barrier, options?: WaitOptions): Promise<boolean> {
    return mustBeA(Barrier, barrier, WAIT).waitAsync(options);
  }

  /**
   * Adds a party of this worker, besides its others. Never blocks.
   *
   * @throws {RangeError} if all parties have joined
   * @throws {SpaceFullError} if there is no room to record what this worker holds
   * @throws {FreedError}
   */
  join(): BarrierParty {
    return new BarrierParty(this, this.#seat(false));
  }

  /** The same as `wait` of the worker's own party. @throws as `join`, and as `BarrierParty.wait` */
  wait(): boolean {
    return this.#own().wait();
  }

  /** The same as `waitAsync` of the worker's own party. */
  async waitAsync(options?: WaitOptions): Promise<boolean> {
    // Before the worker joins.
    waitOptions(WAIT, options).signal?.throwIfAborted();
    return this.#own().waitAsync(options);
  }

  /** The same as `arrive` of the worker's own party. @throws as `join`, and as `BarrierParty.arrive` */
  arrive(): void {
    this.#own().arrive();
  }

  /**
   * The same as `leave` of the worker's own party, which joins first if it has not.
   *
   * @throws as `join`, and as `BarrierParty.leave`
   */
  leave(): boolean {
    return this.#own().leave();
  }

  /** @internal */
  protected override madeWith(): unknown[] {
    return [this.#kernel.barrier_parties(this.#address)];
  }

  /** Asked each time: the worker may have received the barrier more than once, and has one party of its own. */
  #own(): BarrierParty {
    return new BarrierParty(this, this.#seat(true));
  }

  #seat(own: boolean): number {
    this.mustExist("join");
    const seat = this.#kernel.barrier_join(this.#address, own ? 1 : 0);
    if (seat === FULL)
      throw new RangeError("Cannot join: received a Barrier whose parties have all joined; expected a free seat");
    if (seat === HOLDS_TOO_MANY) {
      throw holdsTooMany("join");
    }
    return seat;
  }

  /** @internal A party arrives; throws where it cannot. */
  arriveAs(seat: number, waits: boolean): number {
    this.mustExist("arrive");
    const result = this.#kernel.barrier_arrive(this.#address, seat, waits ? 1 : 0);
    if (result === AGAIN) throw twice("arrive");
    if (result === HAS_LEFT)
      throw new RangeError("Cannot arrive: received a party that has left; expected one that stays");
    return result;
  }

  /** @internal */
  attemptAs(seat: number, as: number): number {
    return this.#kernel.barrier_attempt(this.#address, seat, as);
  }

  /** @internal */
  leaveAs(seat: number): boolean {
    this.mustExist("leave");
    const result = this.#kernel.barrier_leave(this.#address, seat);
    if (result === AGAIN) throw twice("leave");
    return result !== HAS_LEFT;
  }
}
addClass("Barrier", Barrier);

/**
 * One of the parties that a barrier waits for. It belongs to one worker, and cannot be passed to another.
 *
 * See docs/library/barrier.md.
 *
 * @example
 * ```ts
 * import { Barrier, SharedSpace } from "landspout";
 *
 * const party = new Barrier(new SharedSpace(), 1).join();
 * console.log(party.wait(), await party.waitAsync()); // true true
 * party.arrive();
 * party.leave();
 * ```
 */
export class BarrierParty {
  readonly #barrier: Barrier;
  readonly #seat: number;

  /** @internal */
  constructor(barrier: Barrier, seat: number) {
    this.#barrier = barrier;
    this.#seat = seat;
  }

  /**
   * Arrives, and blocks until all parties have arrived. After `arrive`, it waits for the parties of that episode.
   *
   * @returns true for one party: the one that arrived last. If the last party left, died or called `arrive`, it is true
   *   for any one of the waiting parties
   * @throws {RangeError} if the party waits already, or has left
   * @throws {BlockingError} on a browser's main thread
   * @throws {FreedError}
   */
  wait(): boolean {
    mustBeAbleToBlock();
    if (this.#barrier.arriveAs(this.#seat, true) === LEADS) return true;
    return waitBlocking(this.#barrier, (as) => this.#barrier.attemptAs(this.#seat, as)) === LEADS;
  }

  /**
   * As `wait`, without blocking. If the time is over or the signal is aborted, the party has arrived all the same. It
   * can then wait again for the same episode.
   *
   * @throws as `wait`, but no BlockingError; a DOMException of name `TimeoutError`; the signal's reason
   */
  async waitAsync(options?: WaitOptions): Promise<boolean> {
    const { timeout, signal } = waitOptions(WAIT, options);
    signal?.throwIfAborted();
    const { space } = this.#barrier;
    let result = this.#barrier.arriveAs(this.#seat, true);
    if (result !== FOLLOWS) return true;
    try {
      result = await waitAsync(this.#barrier, (as) => this.#barrier.attemptAs(this.#seat, as), timeout, signal);
    } catch (error) {
      space.kernel.barrier_give_up(this.#seat);
      throw error;
    }
    if (result !== TIMED_OUT) return result === LEADS;
    space.kernel.barrier_give_up(this.#seat);
    throw timeoutError(WAIT, timeout);
  }

  /**
   * Arrives, and goes on. Never blocks. A later `wait` waits for the parties of that episode.
   *
   * @throws {RangeError} if the party has arrived already and others have not, or if it has left
   * @throws {FreedError}
   */
  arrive(): void {
    this.#barrier.arriveAs(this.#seat, false);
  }

  /**
   * Leaves: from this episode on, the others do not wait for this party. Never blocks.
   *
   * @returns false if it has left before
   * @throws {RangeError} while it waits
   * @throws {FreedError}
   */
  leave(): boolean {
    return this.#barrier.leaveAs(this.#seat);
  }

  /** The same as `leave`, for `using`. */
  [Symbol.dispose](): void {
    this.leave();
  }
}

function create(kernel: LibraryKernel, parties: number | undefined): number {
  mustBeWhole(parties, "make a Barrier", 1, 0xffff, "parties");
  return kernel.barrier_create(parties, FAN_IN);
}

function twice(what: string): RangeError {
  return new RangeError(
    `Cannot ${what}: received a party that waits, or has arrived already; expected one that has gone on`,
  );
}
