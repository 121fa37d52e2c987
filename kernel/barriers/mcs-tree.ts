/**
 * MCS tree barrier: arrival goes up a 4-ary tree, wakeup down a binary one. Every processor has a fixed place in both
 * and spins on its own node only; 2 P - 2 references to others an episode, the least possible.
 *
 *     node i, local  | sense | parentpointer | childpointers[2] | havechild[4] | dummy |   a line of private words
 *                    | childnotready[4] | parentsense |                                    a line that others write
 *
 * The four flags are words, where the paper has four bytes tested as one word: WebAssembly calls
 * atomic accesses of different sizes to one place a data race. They share a line, even one of 16 bytes.
 *
 * Invariant: childnotready[j] is cleared by child j alone and set again by its owner alone, after all four were seen
 * clear and before the owner says so to its parent; the child's next clearing follows a wakeup that comes after that.
 * So nobody looks at the flags while their owner sets them, by plain stores.
 *
 * havechild[j] holds for 4 i + j + 1 < P, one child fewer than the paper's print (4 i + j < P) would wait for.
 *
 * @source Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Algorithm 11, with the corrected havechild
 * @waits spinning
 * @spins private in memory
 * @signals one
 */
import { read, write } from "../atomics";
import { pause } from "../machine";
import { CACHE_LINE, local, shared } from "../memory/placement";

export const sense: u32 = 0;
const parentpointer: u32 = 4;
export const childpointers: u32 = 8;
const havechild: u32 = 16;
const dummy: u32 = 32;
const childnotready: u32 = CACHE_LINE;
export const parentsense: u32 = CACHE_LINE + 16;
const NODE: u32 = 2 * CACHE_LINE;

/** A table of the P nodes' addresses. */
export function create(processors: u32): usize {
  const B = shared(processors * 4);
  for (let i: u32 = 0; i < processors; i++) write(B + i * 4, <u32>local(i, NODE));
  for (let i: u32 = 0; i < processors; i++) {
    const node: usize = read(B + i * 4);
    for (let j: u32 = 0; j < 4; j++) {
      const has: u32 = i * 4 + j + 1 < processors ? 1 : 0;
      store<u32>(node + havechild + j * 4, has);
      store<u32>(node + childnotready + j * 4, has);
    }
    store<u32>(
      node + parentpointer,
      i == 0 ? <u32>(node + dummy) : read(B + ((i - 1) / 4) * 4) + childnotready + ((i - 1) % 4) * 4,
    );
    for (let c: u32 = 0; c < 2; c++) {
      const child = i * 2 + c + 1;
      store<u32>(
        node + childpointers + c * 4,
        child < processors ? read(B + child * 4) + parentsense : <u32>(node + dummy),
      );
    }
    store<u32>(node + sense, 1);
  }
  return B;
}

export function attach(B: usize, processor: u32): usize {
  return read(B + processor * 4);
}

/** Waits until all flags of a node that has children are clear, and sets them again. */
export function awaitChildren(childnotready: usize, havechild: usize): void {
  while (read(childnotready) | read(childnotready + 4) | read(childnotready + 8) | read(childnotready + 12)) pause();
  store<u32>(childnotready, load<u32>(havechild));
  store<u32>(childnotready + 4, load<u32>(havechild + 4));
  store<u32>(childnotready + 8, load<u32>(havechild + 8));
  store<u32>(childnotready + 12, load<u32>(havechild + 12));
}

export function barrier(B: usize, I: usize): void {
  const mysense = load<u32>(I + sense);
  if (load<u32>(I + havechild)) awaitChildren(I + childnotready, I + havechild);
  const parent: usize = load<u32>(I + parentpointer);
  write(parent, 0);
  if (parent != I + dummy) {
    while (read(I + parentsense) != mysense) pause();
  }
  write(load<u32>(I + childpointers), mysense);
  write(load<u32>(I + childpointers + 4), mysense);
  store<u32>(I + sense, mysense ^ 1);
}
