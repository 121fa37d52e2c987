import { instantiate, type LibraryKernel } from "../kernel.js";
import type { Memory } from "../memory.js";

/** The kernel of the space that has this memory, in the slot of the thread that repairs. */
export function guardianOf(memory: Memory): LibraryKernel {
  const kernel = instantiate(memory);
  kernel.enter_as(kernel.workers() + 1);
  return kernel;
}

/** Milliseconds until what could not be repaired is tried again. */
const AGAIN = 1;

/** After the death of the worker that had the slot: who ended in good order left nothing, and another may have it now. */
export function repair(kernel: LibraryKernel, slot: number, incarnation: number): void {
  if (kernel.is_live(slot) === 0 || kernel.incarnation_of(slot) !== incarnation) return;
  if (kernel.repair(slot) === 0) setTimeout(repair, AGAIN, kernel, slot, incarnation);
}
