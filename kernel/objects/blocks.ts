/**
 * Blocks: the memory of representatives and roots. A block is made in the local memory of the processor that asks, and
 * whoever gives it back gives it to that processor, so that memory stays where it is near.
 *
 *     block  | next | owner | ...           next: of those given back; owner: the reference of its object, 0 if none
 *     R      | free: of a line | of a root |                 lists of its own
 *            | returned: of a line | of a root |             stacks: others push, it alone takes
 *
 * There are two sizes, of a cache line and of what a root has for its representatives. Memory is taken from the machine
 * when nothing was given back, and never handed to it again.
 *
 * Invariant: a block is in one list, or has one owner. A processor that dies between the two leaves one block in neither.
 *
 * @source K42: LMalloc and GMalloc, localStrict; Gamsa et al., Tornado, OSDI 1999, section 3.4
 */
import { compare_and_swap, NIL, read } from "../atomics";
import { CACHE_LINE, home, local } from "../memory/placement";
import { managerOf, numberOf, processorsOf, recordOf, returned } from "./manager";

const free: u32 = 16;
const next: u32 = 0;
const owner: u32 = 4;
/** Bytes of a block that are not its owner's. */
export const BLOCK_HEAD: u32 = 8;

/** What a block is for: its size. */
export enum Size {
  Line = 0,
  Parts = 1,
}

/** Bytes of a block with a word for each processor, behind so many others. */
export const PARTS_HEAD: u32 = BLOCK_HEAD + 16;

function bytesOf(R: usize, size: Size): u32 {
  return size == Size.Line ? CACHE_LINE : PARTS_HEAD + processorsOf(managerOf(R)) * 4;
}

/** A block of this processor, that its owner is said to have; its other words are as they were left. */
export function take(R: usize, size: Size, reference: u32): usize {
  const list = R + free + size * 4;
  let block: usize = load<u32>(list);
  if (block != NIL) store<u32>(list, load<u32>(block + next));
  else block = takeReturned(R + returned + size * 4);
  if (block == NIL) block = local(numberOf(R), bytesOf(R, size));
  store<u32>(block + owner, reference);
  return block;
}

/** Whatever is on top stays there until its one taker has taken it: so what is below that does not change. */
function takeReturned(stack: usize): usize {
  while (true) {
    const top = read(stack);
    if (top == NIL || compare_and_swap(stack, top, load<u32>(top + next))) return top;
  }
}

/** By any processor: nobody else refers to it any more. */
export function give(R: usize, block: usize, size: Size): void {
  store<u32>(block + owner, 0);
  const maker = home(block);
  if (maker == numberOf(R)) {
    store<u32>(block + next, load<u32>(R + free + size * 4));
    store<u32>(R + free + size * 4, <u32>block);
    return;
  }
  const stack = recordOf(managerOf(R), maker) + returned + size * 4;
  do store<u32>(block + next, read(stack));
  while (!compare_and_swap(stack, load<u32>(block + next), <u32>block));
}

export function ownerOf(block: usize): u32 {
  return load<u32>(block + owner);
}

/** Blocks that the processor could take without asking the machine; while nobody gives any back. */
export function blocksLeft(R: usize, size: Size): u32 {
  let count: u32 = 0;
  for (let block: usize = load<u32>(R + free + size * 4); block != NIL; block = load<u32>(block + next)) count++;
  for (let block: usize = read(R + returned + size * 4); block != NIL; block = load<u32>(block + next)) count++;
  return count;
}
