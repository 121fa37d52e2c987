/**
 * CLH queue lock: each waiter spins on the node of the one before it, and takes that node over when it leaves.
 *
 *     L              | tail |                  node of the last in the queue; at first a node that nobody waits on
 *     node           | must_wait |             1 while its processor holds or waits
 *     private I      | node | predecessor |
 *
 * Invariant: P + 1 nodes; each belongs to one processor or is the tail. A node's word goes to 0 once a turn, by the
 * holder, and one processor waits for that; the node is that processor's own from then on, and set by a plain store,
 * until its fetch_and_store shows it to the next.
 *
 * @source Craig, University of Washington TR 93-02-02, 1993; Magnusson, Landin & Hagersten, IPPS 1994
 * @order fifo
 * @waits spinning
 * @spins private in cache
 * @signals one
 */
import { fetch_and_store, read, write } from "../atomics";
import { pause } from "../machine";
import { local, shared } from "../memory/placement";

const node: u32 = 0;
const predecessor: u32 = 4;

export function create(processors: u32): usize {
  const L = shared(4);
  write(L, <u32>shared(4));
  return L;
}

export function attach(L: usize, processor: u32): usize {
  const I = local(processor, 8);
  store<u32>(I + node, <u32>local(processor, 4));
  return I;
}

export function acquire(L: usize, I: usize): void {
  const mine = load<u32>(I + node);
  store<u32>(mine, 1);
  const before = fetch_and_store(L, mine);
  store<u32>(I + predecessor, before);
  while (read(before)) pause();
}

export function release(L: usize, I: usize): void {
  const mine = load<u32>(I + node);
  store<u32>(I + node, load<u32>(I + predecessor));
  write(mine, 0);
}
