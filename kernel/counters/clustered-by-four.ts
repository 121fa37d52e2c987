/**
 * Clustered counter, by four: a clustered object with a representative for each four processors, which are near each other on
 * machines made of stations. Those four share a line.
 *
 *     C | objects | reference |          kernel/objects/counter.ts has the rest
 *
 * Invariant: a representative's count is what its four have added; the sum of all is the sum of all additions.
 *
 * @source Gamsa, Krieger, Appavoo and Stumm, Tornado, OSDI 1999, section 2, Figure 1
 * @waits never
 * @reads exact
 */
import * as counter from "../objects/counter";

export function create(processors: u32): usize {
  return counter.createCounter(processors, 4);
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
