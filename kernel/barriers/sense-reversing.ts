/**
 * Sense-reversing centralized barrier: one count, and one flag whose meaning alternates, so that an episode needs one
 * wait only.
 *
 *     B              | count | processors |      homed at processor 0: what is central has one home
 *                    | sense |                   in a line of its own: arrivals do not disturb those who wait
 *     private I      | local_sense |
 *
 * Invariant: sense differs from every waiter's local_sense until the last arrives. It resets the count before it flips
 * the sense, by a plain store: whoever is released by the flip finds the count whole, and nobody looks before.
 *
 * @source Mellor-Crummey & Scott, ACM TOCS 9(1), 1991, Algorithm 7
 * @waits spinning
 * @spins shared
 * @signals all
 */
import { fetch_and_decrement, read, write } from "../atomics";
import { pause } from "../machine";
import { CACHE_LINE, local } from "../memory/placement";

export const count: u32 = 0;
export const processorsOf: u32 = 4;
export const sense: u32 = CACHE_LINE;

export function create(processors: u32): usize {
  const B = local(0, 2 * CACHE_LINE);
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

/** What the last to arrive does. */
export function flipSense(B: usize, local_sense: u32): void {
  store<u32>(B + count, read(B + processorsOf));
  write(B + sense, local_sense);
}

export function barrier(B: usize, I: usize): void {
  const local_sense = load<u32>(I) ^ 1;
  store<u32>(I, local_sense);
  if (fetch_and_decrement(B + count) == 1) {
    flipSense(B, local_sense);
  } else {
    while (read(B + sense) != local_sense) pause();
  }
}
