/**
 * A counter as a clustered object, for whatever degree: an addition goes to the representative of the processor's cluster, a
 * read visits all that there are.
 *
 *     C   | M | reference |
 *     I   | R | reference |              in the local memory of its processor
 *
 * Each processor comes when it is attached, begins an operation that it does not end, and finds its representative. So what
 * an addition takes is a call through the reference, as in Figure 1 of the source; misses are measured elsewhere.
 *
 * Invariant: a representative's count is what its cluster has added; the sum of all is the sum of all additions.
 *
 * @source Gamsa, Krieger, Appavoo and Stumm, Tornado, OSDI 1999, section 2, Figure 1; K42: missHandlingtest
 */
import { local, shared } from "../memory/placement";
import { begin, come, create, createObjects, resolve } from "./clustered-object";
import { gather } from "./consistency";
import { entryOf } from "./global-miss-handler";
import { COUNT, Kind } from "./handlers";
import { Form, recordOf } from "./manager";
import { rootOf } from "./miss-handling";
import { partsOf } from "./root";

const reference: u32 = 4;

/** `degree`: processors that a representative serves; 1 or more. */
export function createCounter(processors: u32, degree: u32): usize {
  const C = shared(8);
  const M = createObjects(processors, 1, 1, Form.Token);
  store<u32>(C, <u32>M);
  store<u32>(C + reference, create(recordOf(M, 0), Kind.Counter, degree));
  return C;
}

export function attach(C: usize, processor: u32): usize {
  const R = recordOf(load<u32>(C), processor);
  come(R);
  begin(R);
  resolve(R, load<u32>(C + reference));
  const I = local(processor, 8);
  store<u32>(I, <u32>R);
  store<u32>(I + reference, load<u32>(C + reference));
  return I;
}

export function add(C: usize, I: usize, amount: i64): void {
  atomic.add<i64>(resolve(load<u32>(I), load<u32>(I + reference)) + COUNT, amount);
}

export function sum(C: usize): i64 {
  const R = recordOf(load<u32>(C), 0);
  return gather(R, partsOf(rootOf(entryOf(R, load<u32>(C + reference)))));
}
