/**
 * MCS list-based queue lock: each waiter spins on a flag in a node of its own, in its own memory; a release touches one
 * other processor, and an acquisition costs O(1) references wherever the memory is.
 *
 *     L              | tail |            node of the last in the queue, or NIL when the lock is free
 *     node I         | next | locked |   successor's node or NIL; 1 while the predecessor holds or waits
 *
 * Invariant: the nodes from the holder's to tail's form the queue, linked by next except where a processor is between
 * its fetch_and_store and its link. The holder alone leaves the queue: if it has no successor and tail is still its
 * node nobody came; otherwise somebody is about to link, and it waits for that. A node's words are its processor's
 * alone, and set by plain stores, until the atomic that shows them to others: next until the fetch_and_store, locked
 * until the link.
 *
 * @source Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Algorithm 5
 * @order fifo
 * @waits spinning
 * @spins private in memory
 * @signals one
 */
import { compare_and_swap, fetch_and_store, NIL, read, write } from "../atomics";
import { pause } from "../machine";
import { local, shared } from "../memory/placement";

export const next: u32 = 0;
export const locked: u32 = 4;

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
    if (compare_and_swap(L, <u32>I, NIL)) return;
    while (read(I + next) == NIL) pause();
  }
  write(read(I + next) + locked, 0);
}
