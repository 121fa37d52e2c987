/**
 * Page table: two levels, which processors that walk read themselves, and kernels where they do not.
 *
 *     page number:  | which leaf | which entry |        a leaf is one frame, the root an array of leaves' addresses
 *     entry:        | frame's address                    | ... VALID |
 *                   | block | SWAPPED | ON_DISK | not VALID |          0: not referred to yet
 *
 * Pages above those of 32-bit addresses hold code: nobody reads what is there, so their entries have no frame.
 */
import { VALID } from "../privileged";
import { imageOf, information, NONE, reserve } from "./physical";
import { Pool } from "./pool";

/** Of an entry that is not VALID: the page is a block of the first disk, or with SWAPPED of the second one. */
export const ON_DISK: u32 = 2;
export const SWAPPED: u32 = 4;
export const BLOCK_SHIFT: u32 = 3;

const ENTRY_BYTES: u32 = 4;

/** By how many bits a page's number is shifted for that of its leaf, and one for its bytes. */
let leafBits: u32 = 0;
export let frames: Pool = changetype<Pool>(0);

export function reserveFrames(): void {
  leafBits = ctz(information.pageBytes / ENTRY_BYTES);
  frames = Pool.reserve(information.frames);
}

/** Room for a root: all pages' numbers are below that of the last image's end. */
export function reserveRoot(): usize {
  const last = imageOf(information.imageCount - 1);
  const leaves = ((last.codePage + last.codePages) >> leafBits) + 1;
  return reserve(leaves * ENTRY_BYTES);
}

/** The address of a frame in an entry. */
export function frameOf(entry: u32): u32 {
  return entry & ~(information.pageBytes - 1);
}

/** The address of a page's entry; 0 if it has no leaf, and none is to be made or no frame is free for it. */
export function entryOf(root: usize, page: u32, make: bool): usize {
  const slot = root + (page >> leafBits) * ENTRY_BYTES;
  let leaf = load<u32>(slot);
  if (leaf == 0) {
    const frame = make ? frames.take() : NONE;
    if (frame == NONE) return 0;
    memory.fill(frame, 0, information.pageBytes);
    leaf = frame | VALID;
    store<u32>(slot, leaf);
  }
  return frameOf(leaf) + (page & ((1 << leafBits) - 1)) * ENTRY_BYTES;
}

/** Gives back the leaves of some pages, after what `free` does with the entries that are not 0. */
export function freePages(root: usize, first: u32, count: u32, free: (entry: u32) => void): void {
  const end = first + count;
  for (let page = first; page < end; ) {
    const slot = root + (page >> leafBits) * ENTRY_BYTES;
    const next = min(((page >> leafBits) + 1) << leafBits, end);
    const leaf = load<u32>(slot);
    if (leaf != 0) {
      for (; page < next; page++) {
        const entry = load<u32>(entryOf(root, page, false));
        if (entry != 0) free(entry);
      }
      frames.give(frameOf(leaf));
      store<u32>(slot, 0);
    }
    page = next;
  }
}
