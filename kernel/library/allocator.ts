/** A stand-in that never takes memory back. */
import { read } from "../atomics";
import { enter, leave, set } from "./guard";
import { ALLOCATOR, CACHE_LINE, firstSpan, PAGE } from "./space";

export function allocate(bytes: u32): usize {
  return allocateLines(bytes);
}

export function allocateLines(bytes: u32): usize {
  const size = (bytes + CACHE_LINE - 1) & ~(CACHE_LINE - 1);
  enter(ALLOCATOR);
  const next = read(ALLOCATOR + 128);
  const address = next == 0 ? <u32>firstSpan() : next;
  const missing = <i32>((address + size + PAGE - 1) / PAGE) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) {
    leave(ALLOCATOR);
    return 0;
  }
  set(ALLOCATOR + 128, address + size);
  leave(ALLOCATOR);
  return address;
}

export function release(address: usize): void {}

export function abandonHeap(dead: u32): void {}
