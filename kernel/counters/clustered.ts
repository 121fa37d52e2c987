/**
 * Clustered counter: a clustered object with a representative on each processor. Additions stay in the processor's own cache,
 * as in a padded array, though everybody knows the counter by one reference.
 *
 *     C | objects | reference |          kernel/objects/counter.ts has the rest
 *
 * Invariant: a representative's count is written by its processor alone; the sum of all is the sum of all additions.
 *
 * @source Gamsa, Krieger, Appavoo and Stumm, Tornado, OSDI 1999, section 2, Figure 1
 * @waits never
 * @reads exact
 */
import { createCounter } from "../objects/counter";

export { add, attach, sum as approximate, sum as exact } from "../objects/counter";

export function create(processors: u32): usize {
  return createCounter(processors, 1);
}
