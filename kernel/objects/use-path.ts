/**
 * What a page fault goes through, as clustered objects: the process, the region that the address lies in, the cached object
 * that has its page. All processors execute one process; each refers to a region of its own.
 *
 *     O   | M | process |
 *     I   | R | process | region | cached object | times ... | references ... |     local memory
 *
 * The process has a representative on each processor. So a fault refers to nothing that another processor writes.
 *
 * @source Gamsa, Krieger, Appavoo and Stumm, Tornado, OSDI 1999, sections 2 and 5: the objects of a page fault, Figure 2
 */
import { CACHE_LINE, local, shared } from "../memory/placement";
import { begin, come, create, createObjects, end, resolve } from "./clustered-object";
import { COUNT, Kind } from "./handlers";
import { Form, recordOf } from "./manager";

const process: u32 = 4;
const region: u32 = 8;
const cached: u32 = 12;

/** Of O, on two lines of their own: what the processors of round trips tell each other. */
export const ROUNDS: u32 = CACHE_LINE;
/** Of I: times that are measured, 8 bytes each, and so many references of objects that live a while. */
export const TIMES: u32 = 32;
export const BATCH: u32 = 16;
export const REFERENCES: u32 = CACHE_LINE;

export function createPath(processors: u32, form: Form): usize {
  const O = shared(3 * CACHE_LINE);
  const M = createObjects(processors, 2 * BATCH, 2 * BATCH, form);
  store<u32>(O, <u32>M);
  store<u32>(O + process, create(recordOf(M, 0), Kind.Counter, 1));
  return O;
}

export function attachPath(O: usize, p: u32): usize {
  const I = local(p, REFERENCES + BATCH * 4);
  const R = recordOf(load<u32>(O), p);
  come(R);
  store<u32>(I, <u32>R);
  store<u32>(I + process, load<u32>(O + process));
  store<u32>(I + region, create(R, Kind.Counter, 1));
  store<u32>(I + cached, create(R, Kind.Counter, 1));
  fault(I);
  return I;
}

/** One operation: finds all three, and counts in the last. */
export function fault(I: usize): void {
  const R: usize = load<u32>(I);
  const begun = begin(R);
  load<u32>(resolve(R, load<u32>(I + process)) + COUNT);
  load<u32>(resolve(R, load<u32>(I + region)) + COUNT);
  const count = resolve(R, load<u32>(I + cached)) + COUNT;
  store<u32>(count, load<u32>(count) + 1);
  end(R, begun);
}
