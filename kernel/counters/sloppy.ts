/**
 * Sloppy counter: a count a processor as in the padded array, of which every batch is also added to one central count.
 * The central count can be read at once; the sum of all counts is exact.
 *
 *     C        | central: i64 |                          a line that every publication takes away
 *              | processors |                            a line that nobody writes
 *     line i   | count: i64 | published: i64 | batch |   published and batch are private to processor i
 *
 * Invariant: central is the sum of all published; |count - published| < batch for each processor that is not adding, so
 * that central is wrong by less than P batches while nobody adds.
 * Counts are never moved, only republished, so that an exact read can neither miss an addition nor see one twice.
 *
 * @source Boyd-Wickizer et al., OSDI 2010, section 4.3 (sloppy counters); batch as in Linux percpu_counter
 * @waits never
 * @reads approximate
 */
import { read, write } from "../atomics";
import { CACHE_LINE, shared } from "../memory/placement";

const processorsOf: u32 = CACHE_LINE;
const lines: u32 = 2 * CACHE_LINE;
const published: u32 = 8;
const batch: u32 = 16;

export function create(processors: u32): usize {
  const C = shared(lines + processors * CACHE_LINE);
  write(C + processorsOf, processors);
  return C;
}

export function attach(C: usize, processor: u32): usize {
  const I = C + lines + processor * CACHE_LINE;
  store<i64>(I + batch, max(32, 2 * read(C + processorsOf)));
  return I;
}

export function add(C: usize, I: usize, amount: i64): void {
  const count = atomic.add<i64>(I, amount) + amount;
  const unpublished = count - load<i64>(I + published);
  if (abs(unpublished) >= load<i64>(I + batch)) {
    store<i64>(I + published, count);
    atomic.add<i64>(C, unpublished);
  }
}

export function approximate(C: usize): i64 {
  return atomic.load<i64>(C);
}

export function exact(C: usize): i64 {
  let sum: i64 = 0;
  for (let i: u32 = 0, P = read(C + processorsOf); i < P; i++) {
    sum += atomic.load<i64>(C + lines + i * CACHE_LINE);
  }
  return sum;
}
