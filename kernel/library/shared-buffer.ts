/**
 * Shared buffer: bytes for whatever programs put there.
 *
 *     B | identity | address | bytes |
 *
 * The bytes are a block of their own, so that a buffer of 64 KiB takes one page and not two. Who dies between the making, or
 * the freeing, of the two leaks one.
 */
import { read, write } from "../atomics";
import { allocateLines, release } from "./allocator";
import { createObject, Kind } from "./objects";

const address: u32 = 4;
const bytes: u32 = 8;
const BYTES: u32 = 12;

/** Zeroed, on cache lines of its own; 0 if there is no room. */
export function create(size: u32): usize {
  const block = allocateLines(size);
  if (block == 0) return 0;
  const B = createObject(Kind.SharedBuffer, BYTES);
  if (B == 0) {
    release(block);
    return 0;
  }
  write(placeOf(B), <u32>block);
  store<u32>(B + bytes, size);
  return B;
}

/** Where the address of its bytes is written. */
export function placeOf(B: usize): usize {
  return B + address;
}

export function addressOf(B: usize): usize {
  return read(placeOf(B));
}

export function bytesOf(B: usize): u32 {
  return load<u32>(B + bytes);
}
