/**
 * MCS queue lock without compare_and_swap: the release has only fetch_and_store. A processor that comes while the queue
 * is taken off and put back (a usurper) overtakes those in it, so the order is not first come, first served, and
 * starvation is possible in theory. All else, state included, is as in the MCS lock.
 *
 * Invariant: at every moment one processor, or one chain's head, has the right to the lock. When the releaser finds
 * that it took off others' nodes, it puts them back; whoever came in between has the lock already, and the rest of the
 * chain is hung behind the last of them.
 *
 * @source Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Algorithm 6 (release without compare_and_swap)
 * @order none
 * @waits spinning
 * @spins private in memory
 * @signals one
 */
import { fetch_and_store, NIL, read, write } from "../atomics";
import { pause } from "../machine";
import { locked, next } from "./mcs";

export { acquire, attach, create } from "./mcs";

export function release(L: usize, I: usize): void {
  if (read(I + next) == NIL) {
    const old_tail = fetch_and_store(L, NIL);
    if (old_tail == <u32>I) return;
    const usurper = fetch_and_store(L, old_tail);
    while (read(I + next) == NIL) pause();
    if (usurper != NIL) {
      write(usurper + next, read(I + next));
      return;
    }
  }
  write(read(I + next) + locked, 0);
}
