/**
 * Existence by epochs: each processor counts operations in two generations; what was destroyed when one began is nobody's when
 * the next but one begins.
 *
 *     O, I      kernel/objects/use-path.ts; how it works is in kernel/objects/epochs.ts
 *
 * Invariant: what an operation has found stays until its end, whoever destroys it.
 *
 * @source K42: ActiveThrdCnt; Appavoo et al., TOCS 25(3), 2007
 * @waits never
 */
import { Form } from "../objects/manager";
import { attachPath, createPath, fault } from "../objects/use-path";

/** Whether objects come and go. */
export const LIVES: bool = true;

export function create(processors: u32): usize {
  return createPath(processors, Form.Epochs);
}

export function attach(O: usize, processor: u32): usize {
  return attachPath(O, processor);
}

export function use(I: usize): void {
  fault(I);
}
