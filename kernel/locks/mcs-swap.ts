/**
 * MCS queue lock without compare_and_swap: the release has only fetch_and_store. A processor
 * that comes while the queue is taken off and put back (a usurper) overtakes those in it, so the order is not first
 * come, first served, and starvation is possible in theory.
 *
 *     L              | tail |            node of the last in the queue, or NIL
 *     node I         | next | locked |   successor's node or NIL; 1 while the predecessor holds or waits
 *
 * Invariant: at every moment one processor, or one chain's head, has the right to the lock. When the releaser finds
 * that it took off others' nodes, it puts them back; whoever came in between has the lock already, and the rest of the
 * chain is hung behind the last of them. A node's words are its processor's alone, and set by plain stores, until the
 * atomic that shows them to others: next until the fetch_and_store, locked until the link.
 *
 * @source Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Algorithm 6 (release without compare_and_swap)
 * @order none
 * @waits spinning
 * @spins private in memory
 * @signals one
 */
import { fetch_and_store, NIL, read, write } from "../atomics";
import { pause } from "../machine";
import { local, shared } from "../memory/placement";

const next: u32 = 0;
const locked: u32 = 4;

export function create(processors: u32): usize {
  return shared(4);
}

export function attach(L: usize, processor: u32): usize {
  return local(processor, 8);
}

export function acquire(L: usize, I: usize): void {
  store<u32>(I + next, NIL);
  const predecessor = fetch_and_store(L, <u32>I);
  if (predecessor != NIL) {
    store<u32>(I + locked, 1);
    write(predecessor + next, <u32>I);
    while (read(I + locked)) pause();
  }
}

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
