/**
 * Software combining tree barrier: the count is spread over a tree; the last to arrive at a node goes on to its parent,
 * and reverses the sense of each node on the way back.
 *
 *     node           | count | k | locksense | parent |        one line each, k its fan-in
 *     private I      | sense | mynode |
 *
 * Invariant: a node's count is reset, by a plain store, before its locksense flips, and both by the processor that
 * arrived there last, which returns only after the whole tree above has arrived. A node's k is the number of processors
 * or nodes really attached to it, which is below FAN_IN for the last of each level.
 *
 * @source Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Algorithm 8 (Yew, Tzeng & Lawrie, IEEE TC 36(4), 1987)
 * @waits spinning
 * @spins shared
 * @signals all
 */
import { fetch_and_decrement, NIL, read, write } from "../atomics";
import { pause } from "../machine";
import { CACHE_LINE, local, shared } from "../memory/placement";

const count: u32 = 0;
const k: u32 = 4;
const locksense: u32 = 8;
const parent: u32 = 12;
const sense: u32 = 0;
const mynode: u32 = 4;
const FAN_IN: u32 = 4;

export function create(processors: u32): usize {
  return plant(processors, FAN_IN);
}

export function attach(B: usize, processor: u32): usize {
  return attachTo(B, processor, FAN_IN);
}

/** The leaves come first: processor i is attached to node i / fanIn, which begins at B. */
export function plant(processors: u32, fanIn: u32): usize {
  let nodes: u32 = 0;
  let width = processors;
  do nodes += width = (width + fanIn - 1) / fanIn;
  while (width > 1);

  const B = shared(nodes * CACHE_LINE);
  let level = B;
  let below = processors;
  do {
    width = (below + fanIn - 1) / fanIn;
    const above = level + width * CACHE_LINE;
    for (let i: u32 = 0; i < width; i++) {
      const node = level + i * CACHE_LINE;
      const attached = min(fanIn, below - i * fanIn);
      write(node + count, attached);
      write(node + k, attached);
      write(node + parent, width > 1 ? <u32>above + (i / fanIn) * CACHE_LINE : NIL);
    }
    level = above;
    below = width;
  } while (width > 1);
  return B;
}

export function attachTo(B: usize, processor: u32, fanIn: u32): usize {
  const I = local(processor, 8);
  store<u32>(I + sense, 1);
  store<u32>(I + mynode, <u32>B + (processor / fanIn) * CACHE_LINE);
  return I;
}

export function barrier(B: usize, I: usize): void {
  const mysense = load<u32>(I + sense);
  combining_barrier_aux(load<u32>(I + mynode), mysense);
  store<u32>(I + sense, mysense ^ 1);
}

function combining_barrier_aux(node: usize, mysense: u32): void {
  if (fetch_and_decrement(node + count) == 1) {
    const above = read(node + parent);
    if (above != NIL) combining_barrier_aux(above, mysense);
    store<u32>(node + count, read(node + k));
    write(node + locksense, read(node + locksense) ^ 1);
  } else {
    while (read(node + locksense) != mysense) pause();
  }
}
