/**
 * Ticket lock with proportional backoff: the number of those ahead says how long to wait before looking again.
 *
 *     L | next_ticket | now_serving |
 *
 * Invariant: as for the ticket lock. The difference my_ticket - now_serving is exact modulo 2^32.
 *
 * @source Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Algorithm 2
 * @order fifo
 * @waits spinning
 * @spins shared
 * @signals all
 */
import { fetch_and_increment, read, write } from "../atomics";
import { pause, work } from "../machine";
import { shared } from "../memory/placement";

const next_ticket: u32 = 0;
const now_serving: u32 = 4;
/** Cycles a processor ahead: the shortest time for which a lock is held (the paper's advice), one line transfer. */
const HOLD: u32 = 64;

export function create(processors: u32): usize {
  return shared(8);
}

export function attach(L: usize, processor: u32): usize {
  return 0;
}

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

export function release(L: usize, I: usize): void {
  write(L + now_serving, read(L + now_serving) + 1);
}
