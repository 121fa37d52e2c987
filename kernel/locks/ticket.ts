/**
 * Ticket lock: take a number, wait until it is served. First come, first served, with one fetch_and_increment an
 * acquisition; all waiters read the one word that says who is served.
 *
 *     L | next_ticket | now_serving |
 *
 * Invariant: tickets are handed out once each, and now_serving is written by the holder alone, so the holder is the one
 * processor whose ticket equals it. Both words wrap at 2^32 together and are compared for equality only: right for up
 * to 2^32 processors.
 *
 * @source Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Algorithm 2, without delay (Reed & Kanodia, CACM 22(2), 1979)
 * @order fifo
 * @waits spinning
 * @spins shared
 * @signals all
 */
import { fetch_and_increment, read, write } from "../atomics";
import { pause } from "../machine";
import { shared } from "../memory/placement";

export const next_ticket: u32 = 0;
export const now_serving: u32 = 4;

export function create(processors: u32): usize {
  return shared(8);
}

export function attach(L: usize, processor: u32): usize {
  return 0;
}

export function acquire(L: usize, I: usize): void {
  const my_ticket = fetch_and_increment(L + next_ticket);
  while (read(L + now_serving) != my_ticket) pause();
}

export function release(L: usize, I: usize): void {
  write(L + now_serving, read(L + now_serving) + 1);
}
