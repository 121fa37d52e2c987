/**
 * Copies of bytes for callers. An array with a buffer of its own takes a microsecond to make, a view of a larger buffer a tenth
 * of that; so small ones share one, as Node's own do. It cannot be transferred, which would take the others' bytes with it.
 */
import { platform } from "../platform/current.js";

const SLAB = 1 << 16;
/** Bytes: what is larger has a buffer of its own, and so keeps no other bytes in memory. */
const SMALL = 1 << 12;

let slab = new ArrayBuffer(0);
let used = 0;

export function copyOf(shared: Uint8Array, at: number, length: number): Uint8Array {
  const copy = length <= SMALL && platform.keepBuffer ? view(length) : new Uint8Array(length);
  copy.set(shared.subarray(at, at + length));
  return copy;
}

function view(length: number): Uint8Array {
  if (used + length > slab.byteLength) {
    slab = new ArrayBuffer(SLAB);
    platform.keepBuffer!(slab);
    used = 0;
  }
  const its = new Uint8Array(slab, used, length);
  used = (used + length + 7) & ~7;
  return its;
}
