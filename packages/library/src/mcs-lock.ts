import { addClass } from "./classes.js";
import { nextTurn } from "./event-loop.js";
import { BUSY, DEADLOCK } from "./results.js";
import type { Existing } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { SpinningLock, type SpinningLockOptions } from "./spinning.js";
import { inside } from "./waiting.js";

export type McsLockOptions = SpinningLockOptions;

/**
 * The list-based queue lock of Mellor-Crummey and Scott (ACM TOCS 9(1), 1991): those who wait in `lock` are served in the order
 * of arrival, and each spins on a word of its own, so that a release disturbs one of them, where that of a TicketLock disturbs
 * all. For short critical sections of workers that all have a core, where order matters. Everywhere else a Mutex is
 * faster, and fair enough.
 *
 * Nobody can leave the queue. So who waits for a time only, or without blocking, is not in it, but tries again and again, and
 * gets the lock only when nobody is in the queue: those who block can keep it waiting for ever.
 *
 * Where more workers use the space than there are cores, whoever waits keeps others from running: it cannot be made
 * there, nor waited for, unless it is forced. When somebody dies, holding it or in the queue, those in the queue get in
 * line anew, in any order; if it held it, the next one learns that by `token.abandoned`. Costs 128 bytes a slot of the
 * space.
 *
 * Every worker of the space may call every method. A method blocks, and spins meanwhile, only where it says so. A token is
 * of use to the worker alone that has locked with it.
 */
export class McsLock extends SpinningLock {
  /**
   * @throws {OversubscribedError} if more workers use the space than there are cores, unless forced
   * @throws {SpaceFullError}
   */
  constructor(space: SharedSpace | Existing, options: McsLockOptions = {}) {
    super(space, "McsLock", options);
  }

  /** @internal */
  protected spin(milliseconds: number): number {
    const { kernel } = this.space;
    const { address } = this.handle;
    const end = performance.now() + milliseconds;
    return this.watched(milliseconds, () => {
      if (end === Number.POSITIVE_INFINITY) return inside(this, () => kernel.mcs_lock_acquire(address));
      let result = BUSY;
      while (result === BUSY && performance.now() < end) {
        this.mustExist("lock");
        result = kernel.mcs_lock_try(address);
      }
      return result;
    });
  }

  /** @internal */
  protected async poll(milliseconds: number, signal: AbortSignal | undefined): Promise<number> {
    const { kernel } = this.space;
    for (const end = performance.now() + milliseconds; performance.now() < end; ) {
      await new Promise<void>(nextTurn);
      signal?.throwIfAborted();
      this.mustExist("lock");
      const result = kernel.mcs_lock_try(this.handle.address);
      // While this worker holds it, its other requests wait.
      if (result !== BUSY && result !== DEADLOCK) return result;
    }
    return BUSY;
  }
}
addClass("McsLock", McsLock);
