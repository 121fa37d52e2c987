import { addClass } from "./classes.js";
import { nextTurn } from "./event-loop.js";
import { BUSY, DEADLOCK } from "./results.js";
import type { Existing } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { SpinningLock, type SpinningLockOptions } from "./spinning.js";
import { inside } from "./waiting.js";

export type McsLockOptions = SpinningLockOptions;

/**
 * The list-based queue lock of Mellor-Crummey and Scott (ACM TOCS 9(1), 1991). Workers that wait in `lock` are served
 * in the order of arrival. Each spins on a word of its own. So a release disturbs one waiting worker; a release of a
 * TicketLock disturbs all. It is for short critical sections of workers that all have a core, where order matters.
 * Everywhere else a Mutex is faster, and fair enough.
 *
 * No worker can leave the queue. So a request with a time limit, or without blocking, is not in the queue: it tries
 * again and again. It gets the lock only when the queue is empty. Workers that block can keep it waiting for ever.
 *
 * While more workers use the space than there are cores, a spinning worker keeps others from running. Then the lock can
 * be neither made nor waited for, unless it is forced. When a worker dies, as the owner or in the queue, the others in
 * the queue line up anew, in any order. After the death of an owner, the next owner's token is `abandoned`. The lock
 * takes 128 bytes a slot of the space.
 *
 * Every worker of the space may call every method. A method blocks, and spins meanwhile, only where its comment says
 * so. Only the worker that has locked can use the token.
 *
 * See docs/library/fifo-locks.md.
 *
 * @example
 * ```ts
 * import { McsLock, SharedSpace } from "landspout";
 *
 * const lock = new McsLock(new SharedSpace());
 * const token = lock.lock();
 * token.unlock();
 * ```
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
