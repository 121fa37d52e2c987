/**
 * Spin then block: a bounded spin, then sleep. The robust lock of real programs. It stays fast where threads exceed
 * processors, because whoever waits long gives its processor away, and a running thread may overtake those that sleep.
 *
 *     L | word |
 *
 *     FREE       nobody holds it
 *     HELD       held, nobody sleeps: the release notifies nobody
 *     CONTENDED  held, somebody may sleep: the release wakes one of those who sleep
 *
 *     FREE -> HELD                acquire, fast path
 *     FREE | HELD -> CONTENDED    a processor about to sleep; from FREE it got the lock instead
 *     HELD | CONTENDED -> FREE    release
 *
 * Invariant: while anybody sleeps, the word is CONTENDED or a processor that was woken is on its way to make it so. It
 * cannot know whether others sleep, so it takes the lock as CONTENDED, and no wake-up is lost.
 *
 * @source Drepper, Futexes Are Tricky, 2011, Mutex 3; Karlin, Li, Manasse & Owicki, SOSP 1991 (spin before blocking)
 * @order none
 * @waits parking
 * @spins shared
 * @signals all
 */
import { compare_and_swap, fetch_and_store, read } from "../atomics";
import { patience } from "../delays/patience";
import { work } from "../machine";
import { shared } from "../memory/placement";

const FREE: u32 = 0;
const HELD: u32 = 1;
const CONTENDED: u32 = 2;
/** Cycles of the first delay between two looks; doubled each time. */
const FIRST_DELAY: u32 = 32;

export function create(processors: u32): usize {
  return shared(4);
}

export function attach(L: usize, processor: u32): usize {
  return 0;
}

export function acquire(L: usize, I: usize): void {
  if (!compare_and_swap(L, FREE, HELD)) wait(L);
}

export function release(L: usize, I: usize): void {
  if (fetch_and_store(L, FREE) == CONTENDED) atomic.notify(L, 1);
}

function wait(L: usize): void {
  const longest = patience();
  for (let delay = FIRST_DELAY; delay < longest; delay *= 2) {
    work(delay);
    if (read(L) == FREE && compare_and_swap(L, FREE, HELD)) return;
  }
  while (fetch_and_store(L, CONTENDED) != FREE) atomic.wait<u32>(L, CONTENDED, -1);
}
