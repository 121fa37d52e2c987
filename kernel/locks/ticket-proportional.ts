/**
 * Ticket lock with proportional backoff: the number of those ahead says how long to wait before looking again.
 * All else is as in the ticket lock.
 *
 * Invariant: as for the ticket lock. The difference my_ticket - now_serving is exact modulo 2^32.
 *
 * @source Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Algorithm 2
 * @order fifo
 * @waits spinning
 * @spins shared
 * @signals all
 */
import { fetch_and_increment, read } from "../atomics";
import { pause, work } from "../machine";
import { next_ticket, now_serving } from "./ticket";

export { attach, create, release } from "./ticket";

/** Cycles a processor ahead: the shortest time for which a lock is held (the paper's advice), one line transfer. */
const HOLD: u32 = 64;

export function acquire(L: usize, I: usize): void {
  const my_ticket = fetch_and_increment(L + next_ticket);
  while (true) {
    const ahead = my_ticket - read(L + now_serving);
    if (ahead == 0) return;
    pause();
    // The next in line looks all the time: a delay there would be added to every passing of the lock.
    work((ahead - 1) * HOLD);
  }
}
