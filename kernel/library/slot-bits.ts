/** Sets of slots, a bit for each, in shared memory. */
import { read } from "../atomics";
import { workers } from "./space";

/** What a set takes. */
export function bytesOfSlots(): u32 {
  return ((workers() + 1 + 31) / 32) * 4;
}

export function anyBit(bits: usize): bool {
  for (const end = bits + bytesOfSlots(); bits < end; bits += 4) if (read(bits) != 0) return true;
  return false;
}

export function hasBit(bits: usize, slot: u32): bool {
  return (read(bits + (slot >> 5) * 4) & (1 << (slot & 31))) != 0;
}

export function setBit(bits: usize, slot: u32): void {
  atomic.or<u32>(bits + (slot >> 5) * 4, 1 << (slot & 31));
}

/** Whether it was set. */
export function clearBit(bits: usize, slot: u32): bool {
  const bit: u32 = 1 << (slot & 31);
  return (atomic.and<u32>(bits + (slot >> 5) * 4, ~bit) & bit) != 0;
}
