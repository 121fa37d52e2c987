/**
 * Parking sense-reversing barrier: its waiters sleep after a bounded spin. For more threads than processors, where a spinning
 * waiter keeps those it waits for from running.
 *
 *     B              | count | processors |
 *                    | sense |                   in a line of its own: arrivals do not disturb those who wait
 *     private I      | local_sense |
 *
 * Invariant: as for the sense-reversing barrier. The wait compares the sense and sleeps in one step, so a flip between
 * the last look and the sleep is not missed; sense cannot flip twice without this processor.
 *
 * @source Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Algorithm 7, with memory.atomic.wait32 for the spin
 * @waits parking
 * @spins shared
 * @signals all
 */
import { fetch_and_decrement, read, write } from "../atomics";
import { work } from "../machine";
import { CACHE_LINE, local, shared } from "../memory/placement";

const count: u32 = 0;
const processorsOf: u32 = 4;
const sense: u32 = CACHE_LINE;
/** Cycles between two looks while spinning. */
const LOOK: u32 = 128;
/** Cycles of spinning before sleeping: about what sleeping and being woken cost (Karlin et al., SOSP 1991). */
const PATIENCE: u32 = 16384;

export function create(processors: u32): usize {
  const B = shared(2 * CACHE_LINE);
  write(B + count, processors);
  write(B + sense, 1);
  write(B + processorsOf, processors);
  return B;
}

export function attach(B: usize, processor: u32): usize {
  const I = local(processor, 4);
  store<u32>(I, 1);
  return I;
}

export function barrier(B: usize, I: usize): void {
  const local_sense = load<u32>(I) ^ 1;
  store<u32>(I, local_sense);
  if (fetch_and_decrement(B + count) == 1) {
    store<u32>(B + count, read(B + processorsOf));
    write(B + sense, local_sense);
    atomic.notify(B + sense, -1);
  } else {
    for (let waited: u32 = 0; waited < PATIENCE; waited += LOOK) {
      if (read(B + sense) == local_sense) return;
      work(LOOK);
    }
    while (read(B + sense) != local_sense) atomic.wait<u32>(B + sense, local_sense ^ 1, -1);
  }
}
