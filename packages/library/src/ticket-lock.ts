import { addClass } from "./classes.js";
import { nextTurn } from "./event-loop.js";
import { WAIT } from "./kernel.js";
import { BUSY, DEADLOCK } from "./results.js";
import type { Existing } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { SpinningLock, type SpinningLockOptions } from "./spinning.js";

export type TicketLockOptions = SpinningLockOptions;

/** Looks between two that look at the time, too: some ten microseconds. */
const LOOKS = 1000;

/**
 * A ticket lock: a worker takes a number, and spins until the number is served. It serves in the order of arrival. It
 * is for short critical sections of few workers that all have a core, where order matters. Everywhere else a Mutex is
 * faster, and fair enough.
 *
 * A request that waits without blocking stands in the same line. When its turn has come, all others wait until its
 * event loop comes round. A request that gives up leaves the line.
 *
 * While more workers use the space than there are cores, a spinning worker keeps others from running. Then the lock can
 * be neither made nor waited for, unless it is forced. A worker that dies, as the owner or in the line, is passed over;
 * the next owner's token is `abandoned`. The lock takes 128 bytes a slot of the space.
 *
 * Every worker of the space may call every method. A method blocks, and spins meanwhile, only where its comment says
 * so. Only the worker that has locked can use the token.
 *
 * See docs/library/fifo-locks.md.
 *
 * @example
 * ```ts
 * import { SharedSpace, TicketLock } from "landspout";
 *
 * const lock = new TicketLock(new SharedSpace());
 * const token = lock.lock();
 * token.unlock();
 * ```
 */
export class TicketLock extends SpinningLock {
  /**
   * @throws {OversubscribedError} if more workers use the space than there are cores, unless forced
   * @throws {SpaceFullError}
   */
  constructor(space: SharedSpace | Existing, options: TicketLockOptions = {}) {
    super(space, "TicketLock", options);
  }

  /** @internal */
  protected spin(milliseconds: number): number {
    const { kernel } = this.space;
    const { address } = this.handle;
    const end = performance.now() + milliseconds;
    let result = kernel.ticket_lock_take(address);
    if (result !== WAIT) return result;
    try {
      return this.watched(milliseconds, () => {
        while (result === WAIT && performance.now() < end) {
          this.mustExist("lock");
          result = kernel.ticket_lock_look(address, LOOKS);
        }
        return result === WAIT ? BUSY : result;
      });
    } finally {
      if (result === WAIT && !this.freed) kernel.ticket_lock_give_up(address);
    }
  }

  /** @internal */
  protected async poll(milliseconds: number, signal: AbortSignal | undefined): Promise<number> {
    const { kernel } = this.space;
    const { address } = this.handle;
    const end = performance.now() + milliseconds;
    let inLine = false;
    try {
      while (performance.now() < end) {
        this.mustExist("lock");
        const result: number = inLine ? kernel.ticket_lock_look(address, 1) : kernel.ticket_lock_take(address);
        // While this worker holds it, or another of its requests is in line, this one is not.
        inLine = result === WAIT;
        if (!inLine && result !== DEADLOCK) return result;
        await new Promise<void>(nextTurn);
        signal?.throwIfAborted();
      }
      return BUSY;
    } finally {
      if (inLine && !this.freed) kernel.ticket_lock_give_up(address);
    }
  }
}
addClass("TicketLock", TicketLock);
