/**
 * Existence by a token: operations under way are counted on each processor, and a token goes round those that may hold what was
 * destroyed; when it is back, nobody refers to it any more.
 *
 *     O, I      kernel/objects/use-path.ts; how it works is in kernel/objects/token.ts
 *
 * Invariant: what an operation has found stays until its end, whoever destroys it.
 *
 * @source Gamsa, Krieger, Appavoo and Stumm, Tornado, OSDI 1999, section 3.3
 * @waits never
 */
import { Form } from "../objects/manager";
import { attachPath, createPath, fault } from "../objects/use-path";

/** Whether objects come and go. */
export const LIVES: bool = true;

export function create(processors: u32): usize {
  return createPath(processors, Form.Token);
}

export function attach(O: usize, processor: u32): usize {
  return attachPath(O, processor);
}

export function use(I: usize): void {
  fault(I);
}
