/**
 * Central counter with tree wakeup: arrivals as in the sense-reversing barrier, on one count; the last to arrive starts
 * the MCS tree barrier's binary wakeup at the root, so that every processor spins on a word of its own.
 *
 *     B              | count | processors |
 *                    | root | nodes |           a line of constants: the root's parentsense, the tree's table of nodes
 *     node i         as in the MCS tree barrier; its arrival half stays unused
 *
 * Invariant: parentsense of node i differs from its owner's sense until its parent, or for the root the last to arrive,
 * writes it. The count is reset by a plain store before that: whoever is woken finds it whole, and nobody looks before.
 *
 * @source Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Figure 9: Algorithm 7 with the wakeup of Algorithm 11
 * @waits spinning
 * @spins private in memory
 * @signals one
 */
import { fetch_and_decrement, read, write } from "../atomics";
import { pause } from "../machine";
import { CACHE_LINE, shared } from "../memory/placement";
import { childpointers, attach as nodeOf, parentsense, create as plant, sense } from "./mcs-tree";

const count: u32 = 0;
const processorsOf: u32 = 4;
const root: u32 = CACHE_LINE;
const nodes: u32 = CACHE_LINE + 4;

export function create(processors: u32): usize {
  const B = shared(2 * CACHE_LINE);
  const tree = plant(processors);
  write(B + count, processors);
  write(B + processorsOf, processors);
  write(B + root, <u32>(nodeOf(tree, 0) + parentsense));
  write(B + nodes, <u32>tree);
  return B;
}

export function attach(B: usize, processor: u32): usize {
  return nodeOf(read(B + nodes), processor);
}

export function barrier(B: usize, I: usize): void {
  const mysense = load<u32>(I + sense);
  if (fetch_and_decrement(B + count) == 1) {
    store<u32>(B + count, read(B + processorsOf));
    write(read(B + root), mysense);
  }
  while (read(I + parentsense) != mysense) pause();
  write(load<u32>(I + childpointers), mysense);
  write(load<u32>(I + childpointers + 4), mysense);
  store<u32>(I + sense, mysense ^ 1);
}
