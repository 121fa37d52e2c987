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
import { slot } from "../delays/slot";
import { pause, work } from "../machine";
import { local } from "../memory/placement";
import { next_ticket, now_serving } from "./ticket";

export { create, release } from "./ticket";

export function attach(L: usize, processor: u32): usize {
  const I = local(processor, 4);
  store<u32>(I, slot());
  return I;
}

export function acquire(L: usize, I: usize): void {
  const my_ticket = fetch_and_increment(L + next_ticket);
  while (true) {
    const ahead = my_ticket - read(L + now_serving);
    if (ahead == 0) return;
    pause();
    // The next in line looks all the time: a delay there would be added to every passing of the lock.
    work((ahead - 1) * load<u32>(I));
  }
}
