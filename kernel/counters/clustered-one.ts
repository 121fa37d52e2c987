/**
 * Clustered counter with one representative: a clustered object that all processors share. What a clustered object
 * costs where it is not one.
 *
 *     C | objects | reference |          kernel/objects/counter.ts has the rest
 *
 * Invariant: the representative's count is the sum of all additions.
 *
 * @source Gamsa, Krieger, Appavoo and Stumm, Tornado, OSDI 1999, section 2, Figure 1
 * @waits never
 * @reads exact
 */
import * as counter from "../objects/counter";

export function create(processors: u32): usize {
  return counter.createCounter(processors, processors);
}

export function attach(C: usize, processor: u32): usize {
  return counter.attach(C, processor);
}

export function add(C: usize, I: usize, amount: i64): void {
  counter.add(I, amount);
}

export function approximate(C: usize): i64 {
  return counter.sum(C);
}

export function exact(C: usize): i64 {
  return counter.sum(C);
}
