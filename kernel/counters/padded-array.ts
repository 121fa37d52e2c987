/**
 * Padded array of counts: one a processor, a cache line each. Additions stay in the processor's own cache; a read
 * visits every line.
 *
 *     C        | processors | ... to the end of the line
 *     line i   | count: i64 |
 *
 * Invariant: count of line i is written by processor i alone; the sum of all is the sum of all additions. A sum read
 * while others add only upwards lies between the true sums at its begin and at its end.
 *
 * @source McKenney, Is Parallel Programming Hard, chapter "Counting"; Gamsa et al. (Tornado), OSDI 1999, Figure 1
 * @waits never
 * @reads exact
 */
import { read, write } from "../atomics";
import { CACHE_LINE, shared } from "../memory/placement";

export function create(processors: u32): usize {
  const C = shared((processors + 1) * CACHE_LINE);
  write(C, processors);
  return C;
}

export function attach(C: usize, processor: u32): usize {
  return C + (processor + 1) * CACHE_LINE;
}

export function add(C: usize, I: usize, amount: i64): void {
  atomic.add<i64>(I, amount);
}

export function approximate(C: usize): i64 {
  return exact(C);
}

export function exact(C: usize): i64 {
  let sum: i64 = 0;
  for (let i: u32 = 1, P = read(C); i <= P; i++) sum += atomic.load<i64>(C + i * CACHE_LINE);
  return sum;
}
