/**
 * Sense-reversing barrier with exponential backoff: waits twice as long after each look at the sense. All else is as in
 * the sense-reversing barrier.
 *
 *     private I      | local_sense | limit |        limit in cycles
 *
 * Invariant: as for the sense-reversing barrier; the delay only decides when to look.
 *
 * @source Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Figure 8, exponential backoff: 10 iterations to 8 P iterations
 * @waits spinning
 * @spins shared
 * @signals all
 */
import { fetch_and_decrement, read } from "../atomics";
import { work } from "../machine";
import { local } from "../memory/placement";
import { count, flipSense, processorsOf, sense } from "./sense-reversing";

export { create } from "./sense-reversing";

const limit: u32 = 4;
/** Cycles of an iteration of the paper's delay loop: the Butterfly's MC68000 takes as many for a dbra that branches. */
const ITERATION: u32 = 10;
const FIRST_DELAY: u32 = 10 * ITERATION;

export function attach(B: usize, processor: u32): usize {
  const I = local(processor, 8);
  store<u32>(I, 1);
  store<u32>(I + limit, 8 * read(B + processorsOf) * ITERATION);
  return I;
}

export function barrier(B: usize, I: usize): void {
  const local_sense = load<u32>(I) ^ 1;
  store<u32>(I, local_sense);
  if (fetch_and_decrement(B + count) == 1) {
    flipSense(B, local_sense);
  } else {
    const longest = load<u32>(I + limit);
    for (let delay = FIRST_DELAY; read(B + sense) != local_sense; delay = min(2 * delay, longest)) work(delay);
  }
}
