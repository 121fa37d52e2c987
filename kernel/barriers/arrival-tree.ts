/**
 * 4-ary arrival tree with a global flag: arrivals as in the MCS tree barrier; the root then flips one word
 * that all read, which a machine that broadcasts does best.
 *
 *     B              | globalsense | nodes[P] |                  the flag has a line of its own
 *     node i, local  | sense | parentpointer | havechild[4] |    a line of private words; the root's parent is NIL
 *                    | childnotready[4] |                        a line that children write
 *
 * Invariant: as for the MCS tree barrier's arrival; globalsense differs from every waiter's sense until the root has
 * seen all arrive.
 *
 * @source Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, section 3.5: Algorithm 11 with the wakeup of Algorithm 7
 * @waits spinning
 * @spins shared
 * @signals all
 */
import { NIL, read, write } from "../atomics";
import { pause } from "../machine";
import { CACHE_LINE, local, shared } from "../memory/placement";
import { awaitChildren } from "./mcs-tree";

const nodes: u32 = CACHE_LINE;
const sense: u32 = 0;
const parentpointer: u32 = 4;
const havechild: u32 = 8;
const childnotready: u32 = CACHE_LINE;
const NODE: u32 = 2 * CACHE_LINE;

export function create(processors: u32): usize {
  const B = shared(nodes + processors * 4);
  for (let i: u32 = 0; i < processors; i++) write(B + nodes + i * 4, <u32>local(i, NODE));
  for (let i: u32 = 0; i < processors; i++) {
    const node: usize = read(B + nodes + i * 4);
    for (let j: u32 = 0; j < 4; j++) {
      const has: u32 = i * 4 + j + 1 < processors ? 1 : 0;
      store<u32>(node + havechild + j * 4, has);
      store<u32>(node + childnotready + j * 4, has);
    }
    if (i > 0) {
      store<u32>(node + parentpointer, read(B + nodes + ((i - 1) / 4) * 4) + childnotready + ((i - 1) % 4) * 4);
    }
    store<u32>(node + sense, 1);
  }
  return B;
}

export function attach(B: usize, processor: u32): usize {
  return read(B + nodes + processor * 4);
}

export function barrier(B: usize, I: usize): void {
  const mysense = load<u32>(I + sense);
  if (load<u32>(I + havechild)) awaitChildren(I + childnotready, I + havechild);
  const parent = load<u32>(I + parentpointer);
  if (parent == NIL) {
    write(B, mysense);
  } else {
    write(parent, 0);
    while (read(B) != mysense) pause();
  }
  store<u32>(I + sense, mysense ^ 1);
}
