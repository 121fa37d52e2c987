/**
 * Array of counts: one a processor, side by side. Nobody adds to another's word, yet many words share a line, so the
 * line travels all the same (false sharing).
 *
 *     C | processors | .... | count[P]: i64 |
 *
 * Invariant: count[i] is written by processor i alone; the sum of all is the sum of all additions.
 *
 * @source McKenney, Is Parallel Programming Hard, chapter "Counting": array-based per-thread counters, unpadded
 * @waits never
 * @reads exact
 */
import { read, write } from "../atomics";
import { shared } from "../memory/placement";

const counts: u32 = 8;

export function create(processors: u32): usize {
  const C = shared(counts + processors * 8);
  write(C, processors);
  return C;
}

export function attach(C: usize, processor: u32): usize {
  return C + counts + processor * 8;
}

export function add(C: usize, I: usize, amount: i64): void {
  atomic.add<i64>(I, amount);
}

export function approximate(C: usize): i64 {
  return exact(C);
}

export function exact(C: usize): i64 {
  let sum: i64 = 0;
  for (let i: u32 = 0, P = read(C); i < P; i++) sum += atomic.load<i64>(C + counts + i * 8);
  return sum;
}
