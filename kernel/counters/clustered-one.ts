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
import { createCounter } from "../objects/counter";

export { add, attach, sum as approximate, sum as exact } from "../objects/counter";

export function create(processors: u32): usize {
  return createCounter(processors, processors);
}
