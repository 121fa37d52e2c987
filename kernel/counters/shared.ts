/**
 * One shared counter: exact, and every addition takes the line away from whoever added last.
 *
 *     C | count: i64 |
 *
 * Invariant: count is the sum of all additions.
 *
 * @source Boyd-Wickizer et al. (Corey), OSDI 2008, section 2: the shared counter that its microbenchmarks begin with
 * @waits never
 * @reads exact
 */
import { shared } from "../memory/placement";

export function create(processors: u32): usize {
  return shared(8);
}

export function attach(C: usize, processor: u32): usize {
  return C;
}

export function add(C: usize, I: usize, amount: i64): void {
  atomic.add<i64>(I, amount);
}

export function approximate(C: usize): i64 {
  return exact(C);
}

export function exact(C: usize): i64 {
  return atomic.load<i64>(C);
}
