/**
 * Library's mutex: what Node programs lock. The code is kernel/library's, so that machines that nobody has here say how fast it
 * would be there, beside the locks of the textbooks. Not measured: the object that JavaScript calls it by.
 *
 *     M | identity | lock word | ...          kernel/library/mutex.ts; workers' records lie as in a space: space.ts
 *
 * It is to be created before anything else, and once: kernel/memory/bare-space.ts.
 *
 * Invariant: kernel/library/lock-word.ts has it, and what is proven of it.
 *
 * @source Drepper, Futexes Are Tricky, 2011, Mutex 3; Dice, Malthusian Locks, EuroSys 2017
 * @order none
 * @waits parking
 * @spins shared
 * @signals one
 * @proven mutex
 * @most 926
 */
import { FRESH, LOCK_BYTES, SLEPT } from "../library/lock-word";
import { attempt, tryLock, unlock } from "../library/mutex";
import { OBJECT_HEADER } from "../library/objects";
import { sleepAddress, sleepOn, sleepValue, WAIT } from "../library/sleep";
import * as space from "../library/space";
import { createBareSpace } from "../memory/bare-space";
import { shared } from "../memory/placement";

/** Of no object that the library has made. */
const IDENTITY: u32 = 1;

/** `processors`: at most 926, whose records have room in the shared memory. */
export function create(processors: u32): usize {
  createBareSpace(processors);
  const M = shared(OBJECT_HEADER + 2 * LOCK_BYTES);
  store<u32>(M, IDENTITY);
  return M;
}

/** I: the slot. */
export function attach(M: usize, processor: u32): usize {
  return space.attach(processor + 1, true);
}

export function acquire(M: usize, I: usize): void {
  space.enterAs(<u32>I);
  if (tryLock(M, IDENTITY) == 0) return;
  for (let as = FRESH; attempt(M, as) == WAIT; as = SLEPT) sleepOn(sleepAddress, sleepValue, -1);
}

export function release(M: usize, I: usize): void {
  unlock(M, IDENTITY);
}
