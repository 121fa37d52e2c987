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

/** Children of a node: a line holds their words, and who has written one of them has the line to look at the others. */
const FAN_IN = 8;

/**
 * Where parties wait for each other: none goes on before all have arrived; again and again.
 *
 * A barrier is made for a number of parties, and all of them count from then on: it waits also for those that have not
 * joined yet, for ever if they never do. A party belongs to a worker, which may have several: its own, which joins when
 * the worker calls `wait`, `waitAsync` or `arrive` of the barrier for the first time, and one for each `join`. When a worker
 * dies, its parties leave, and the others wait for them no more; so a worker whose death others must survive joins as
 * soon as it starts. A seat that was left is not taken again.
 *
 * Waiting spins a few microseconds if there are cores for all workers, then sleeps.
 *
 * Every worker of the space may join. A method blocks only where it says so, and then not on a browser's main thread: the
 * forms that end in `Async` are for that.
 */
export class Barrier extends SharedObject {
  readonly #kernel: LibraryKernel;
  readonly #address: number;

  /** @internal */
  constructor(existing: Existing);
  /**
   * @param parties how many, 1 to 65535
   * @throws {RangeError}
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
   * A party of its own, of this worker, beside others.
   *
   * @throws {RangeError} if all parties have joined, or this worker holds too much
   * @throws {FreedError}
   */
  join(): BarrierParty {
    return new BarrierParty(this, this.#seat(false));
  }

  /** `wait` of the worker's own party. @throws as `join`, and as `BarrierParty.wait` */
  wait(): boolean {
    return this.#own().wait();
  }

  /** `waitAsync` of the worker's own party. */
  async waitAsync(options?: WaitOptions): Promise<boolean> {
    // Before the worker joins.
    waitOptions(WAIT, options);
    return this.#own().waitAsync(options);
  }

  /** `arrive` of the worker's own party. @throws as `join`, and as `BarrierParty.arrive` */
  arrive(): void {
    this.#own().arrive();
  }

  /** `leave` of the worker's own party, which joins first if it has not. @throws as `join`, and as `BarrierParty.leave` */
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
    if (seat === FULL) throw new RangeError("Cannot join: received one more than the Barrier's parties");
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

/** One of those for whom a barrier waits. Belongs to one worker, cannot be passed to another. */
export class BarrierParty {
  readonly #barrier: Barrier;
  readonly #seat: number;

  /** @internal */
  constructor(barrier: Barrier, seat: number) {
    this.#barrier = barrier;
    this.#seat = seat;
  }

  /**
   * Arrives, and blocks until all have; after `arrive`, waits for those who were to arrive with it.
   *
   * @returns true for one of the parties, the one that arrived last; or for any one if a party that left or died was
   *   the last, or one that called `arrive`
   * @throws {RangeError} if it waits already, or has left
   * @throws {BlockingError} on a browser's main thread
   * @throws {FreedError}
   */
  wait(): boolean {
    mustBeAbleToBlock();
    if (this.#barrier.arriveAs(this.#seat, true) === LEADS) return true;
    return waitBlocking(this.#barrier, (as) => this.#barrier.attemptAs(this.#seat, as)) === LEADS;
  }

  /**
   * As `wait`, without blocking. If the time is over, or the signal is aborted, it has arrived nevertheless, and can wait
   * again for the same others.
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
   * Arrives, and goes on; never blocks. What `wait` then waits for.
   *
   * @throws {RangeError} if it has arrived already and others have not, or if it has left
   * @throws {FreedError}
   */
  arrive(): void {
    this.#barrier.arriveAs(this.#seat, false);
  }

  /**
   * Leaves: the others wait for it no more, from this episode on. Never blocks.
   *
   * @returns false if it has left before
   * @throws {RangeError} while it waits
   * @throws {FreedError}
   */
  leave(): boolean {
    return this.#barrier.leaveAs(this.#seat);
  }

  /** `leave`, for `using`. */
  [Symbol.dispose](): void {
    this.leave();
  }
}

function create(kernel: LibraryKernel, parties: number | undefined): number {
  mustBeWhole(parties, "make a Barrier", 1, 0xffff, "parties");
  return kernel.barrier_create(parties, FAN_IN);
}

function twice(what: string): RangeError {
  return new RangeError(`Cannot ${what}: received a party that waits, or has arrived; expected one that has gone on`);
}
