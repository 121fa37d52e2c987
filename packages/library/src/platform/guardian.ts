import { identityOf, instantiate, type LibraryKernel } from "../kernel.js";
import type { Memory } from "../memory.js";

/** The kernel of the space that has this memory, in the slot of the thread that repairs. */
export function guardianOf(memory: Memory): LibraryKernel {
  const kernel = instantiate(memory);
  kernel.enter_as(kernel.workers() + 1);
  return kernel;
}

/** Milliseconds until what could not be repaired is tried again. */
const AGAIN = 1;

/** Parts of a repair that can fail, by their numbers in kernel/library/repair.ts, and what is left as it is then. */
const PARTS = [
  "",
  "words of its own that it was changing",
  "a lock that it was taking or letting go",
  "an object that it held",
  "workers that may have slept where it slept",
  "its memory, and its slot",
  "its slot",
];
/** There is nothing to go on with after that. */
const HEAP = 5;
/** Even what failed could not be left out. */
const RECORD = 6;

/**
 * To be called after the end of a worker. It may have ended in good order, and left nothing: then nobody has the incarnation, although
 * another worker may have the slot. Whatever it finds there, it does not throw: the guardian is there for others, too.
 *
 * @param tell told, for people, what could not be repaired
 */
export function repair(memory: Memory, incarnation: number, tell: (trouble: string) => void): void {
  const kernel = guardianOf(memory);
  const slot = kernel.slot_of(incarnation);
  const left: string[] = [];
  /** False: to be done again in a moment. */
  const attempt = (): boolean => {
    for (;;) {
      try {
        return kernel.repair_worker(incarnation) !== 0;
      } catch (error) {
        const part = leaveOut(kernel, incarnation);
        left.push(`${PARTS[part]} (${error instanceof Error ? error.message : error})`);
        if (part >= HEAP) return true;
      }
    }
  };
  const repairAll = () => {
    if (!attempt()) setTimeout(repairAll, AGAIN);
    else if (left.length > 0) tell(troubleOf(kernel, slot, left));
  };
  repairAll();
}

function leaveOut(kernel: LibraryKernel, incarnation: number): number {
  try {
    return kernel.leave_out(incarnation);
  } catch {
    return RECORD;
  }
}

function troubleOf(kernel: LibraryKernel, slot: number, left: readonly string[]): string {
  return `Cannot repair all that the worker of slot ${slot} left in the space ${identityOf(kernel)}: received ${left.join(", ")}; expected a space that no program has overwritten. These parts stay as they are; the rest is repaired`;
}
