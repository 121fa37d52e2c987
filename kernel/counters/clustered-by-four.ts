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
import { createCounter } from "../objects/counter";

export { add, attach, sum as approximate, sum as exact } from "../objects/counter";

export function create(processors: u32): usize {
  return createCounter(processors, 4);
}
