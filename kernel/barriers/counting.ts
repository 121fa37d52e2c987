/**
 * Counting barrier: in and out, with a second wait. The last one out resets the count, and nobody leaves before that.
 * Without the second wait a fast processor meets the old count in its next episode.
 *
 *     B | arrived | left | processors |
 *
 * Invariant: arrived is P from the last arrival until all P have seen it (each says so in left), and below P from the
 * reset until the processor that looks has arrived again: neither wait can miss its condition. left is reset first, by
 * a plain store: nobody comes to it again before arrived says so.
 *
 * @source Hennessy & Patterson, Computer Architecture: A Quantitative Approach, "Synchronization"
 * @waits spinning
 * @spins shared
 * @signals all
 */
import { fetch_and_increment, read, write } from "../atomics";
import { pause } from "../machine";
import { shared } from "../memory/placement";

const arrived: u32 = 0;
const left: u32 = 4;
const processorsOf: u32 = 8;

export function create(processors: u32): usize {
  const B = shared(12);
  write(B + processorsOf, processors);
  return B;
}

export function attach(B: usize, processor: u32): usize {
  return 0;
}

export function barrier(B: usize, I: usize): void {
  const P = read(B + processorsOf);
  fetch_and_increment(B + arrived);
  while (read(B + arrived) != P) pause();
  if (fetch_and_increment(B + left) == P - 1) {
    store<u32>(B + left, 0);
    write(B + arrived, 0);
  } else {
    while (read(B + arrived) == P) pause();
  }
}
